"""AWS managed keys: one for each service, made when it is first needed, that only the service can use.

KMS Developer Guide, "AWS managed keys"; the policy's form is the one AWS gives to alias/aws/ebs.
"""

import json
from datetime import datetime, timedelta

from kms_teach.keys.key import Key
from kms_teach.keys.names import new_key_id
from kms_teach.keys.ownership import kind

PREFIX = "alias/aws/"

# alias/aws/<name> -> the service that uses it, as in kms:ViaService, and what a person calls it.
SERVICES = {
    "backup": ("backup", "Backup"),
    "dynamodb": ("dynamodb", "DynamoDB"),
    "ebs": ("ec2", "EBS"),
    "elasticfilesystem": ("elasticfilesystem", "EFS"),
    "kinesis": ("kinesis", "Kinesis"),
    "lambda": ("lambda", "Lambda"),
    "rds": ("rds", "RDS"),
    "redshift": ("redshift", "Redshift"),
    "s3": ("s3", "S3"),
    "secretsmanager": ("secretsmanager", "Secrets Manager"),
    "sns": ("sns", "SNS"),
    "sqs": ("sqs", "SQS"),
    "ssm": ("ssm", "Systems Manager"),
}
PROTECTED = {"s3": "objects"}  # as its description was recorded from AWS; those of the others are not on record
USES = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey")
LOOKS = ("kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant")


def managed_key(name: str, account: str, region: str, now: datetime) -> Key:
    """The AWS managed key behind alias/aws/<name>, still without material. It rotates as its kind does today."""
    service, label = SERVICES[name]
    rotation = kind("AWS managed").rotation(now.date())
    days = rotation.days[0] if rotation and rotation.days else 365
    return Key(
        account=account, region=region, id=new_key_id(), created=now, manager="AWS",
        description=f"Default key that protects my {label} {PROTECTED.get(name, 'data')} when no other key is defined",
        policy=_policy(name, f"{service}.{region}.amazonaws.com", label, account),
        rotation_period=days, next_rotation=now + timedelta(days=days),
    )  # fmt: skip


def _policy(name: str, via: str, label: str, account: str) -> str:
    use = {
        "Sid": f"Allow access through {label} for all principals in the account that are authorized to use {label}",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": list(USES),
        "Resource": "*",
        "Condition": {"StringEquals": {"kms:CallerAccount": account, "kms:ViaService": via}},
    }
    look = {
        "Sid": "Allow direct access to key metadata to the account",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": list(LOOKS),
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Id": f"auto-{name}-2", "Statement": [use, look]}, indent=2)
