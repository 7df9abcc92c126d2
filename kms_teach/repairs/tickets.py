"""The table of tickets, in the order in which they are best taken."""

from kms_teach.repairs import (
    auditors_question,
    expired_import,
    foreign_reader,
    forgotten_replica,
    leaked_credentials,
    leaked_data_key,
    locked_out,
    lost_backup,
    moved_permission,
    old_grant,
    open_world,
    refused_bucket,
    wrong_deletion,
)
from kms_teach.repairs.ticket import Ticket

TICKETS: tuple[Ticket, ...] = (
    wrong_deletion.TICKET,
    open_world.TICKET,
    forgotten_replica.TICKET,
    refused_bucket.TICKET,
    lost_backup.TICKET,
    expired_import.TICKET,
    old_grant.TICKET,
    auditors_question.TICKET,
    foreign_reader.TICKET,
    leaked_data_key.TICKET,
    locked_out.TICKET,
    moved_permission.TICKET,
    leaked_credentials.TICKET,
)
