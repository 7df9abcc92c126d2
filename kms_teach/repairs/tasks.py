"""The tasks of all repairs by name, as `teaching.catalog` finds those of a chapter."""

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

STOP_THE_WRONG_DELETION = wrong_deletion.TASK
SHUT_THE_WORLD_OUT = open_world.TASK
LET_IN_ON_BOTH_SIDES = forgotten_replica.TASK
READ_PAST_THE_BUCKET_POLICY = refused_bucket.BUCKET_SHUT
READ_WITH_IAM = refused_bucket.IAM_SHUT
READ_BY_THE_KEY_POLICY = refused_bucket.KEY_SHUT
OPEN_THE_LOST_BACKUP = lost_backup.TASK
BRING_THE_MATERIAL_BACK = expired_import.TASK
END_THE_OLD_GRANT = old_grant.TASK
ANSWER_THE_AUDITOR = auditors_question.TASK
LET_THE_PARTNER_READ = foreign_reader.TASK
CLOSE_THE_FILE_AGAIN = leaked_data_key.TASK
GET_INTO_THE_VAULT = locked_out.TASK
PUT_THE_NAME_RIGHT = moved_permission.TASK
CONTAIN_THE_LEAK = leaked_credentials.TASK
