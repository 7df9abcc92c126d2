"""Where CloudTrail here differs from AWS's, or where AWS's answer is not on record: rows as those of KMS."""

from kms_teach.operations.differences import Difference

D = Difference
LOOKUP = "LookupEvents"

DIFFERENCES = (
    D("all", "differs", "trails, event data stores, Insights, queries", "UnsupportedOperationException, by name; EventCategory `insight` finds nothing", "the event history is there without any of them, and is enough to ask who used a key"),
    D(LOOKUP, "differs", "when an event can be found", "with the next call", "AWS says: about five minutes after the call"),
    D(LOOKUP, "differs", "how far back", "90 days of the simulator's clock; in memory also no further than `keep`", "as at AWS, but for what is not kept"),
    D(LOOKUP, "differs", "a page of a long history", "ends after 10,000 records that were looked at, with a NextToken, found or not", "a file may keep millions; botocore's paginator goes on by itself"),
    D(LOOKUP, "differs", "CloudTrailEvent", "what `sim.trail` has as `.event`, its members in our order", "AWS's order is its own, and no program rests on it"),
    D(LOOKUP, "differs", "two requests a second", "counted with `Simulator(quota=N)`, for each account and Region; otherwise not", "time stands still here, and the third lookup in a notebook would be refused"),
    D(LOOKUP, "unknown", "a lookup that is throttled, in words", "ThrottlingException, `Rate exceeded`, which comes before the permission is asked for", "the code is documented; so other services say it"),
    D(LOOKUP, "unknown", "more than one attribute", "the first counts, the others are passed over in silence", "so a user saw it in Sep 2026; the API Reference says that the list can hold one"),
    D(LOOKUP, "unknown", "an unknown AttributeKey, a value too long, MaxResults out of range, another EventCategory", "Invalid…Exception of each, before the permission is asked for", "the codes are documented; whether ValidationException comes first is not"),
    D(LOOKUP, "unknown", "the words of the five Invalid…Exceptions", "ours", "not on record"),
    D(LOOKUP, "unknown", "a time that is not within the 90 days", "no event, and no error", "the API Reference calls a range invalid that is `outside the range of possible values`, and names none"),
    D(LOOKUP, "unknown", "MaxResults that changes from page to page", "InvalidNextTokenException", "the API Reference wants the same parameters; how strictly is not on record"),
    D(LOOKUP, "unknown", "Resources of events that are not KMS's", "the ARNs in `resources` of the event; of IAM's none", "AWS also lists names, such as that of an access key, which no record of KMS needs"),
    D(LOOKUP, "unknown", "Username of an event on a key that another account's caller used, or of AWS's own", "absent", "not on record"),
)  # fmt: skip
