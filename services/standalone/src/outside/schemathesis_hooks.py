"""What the document cannot say: refusals of well-formed requests that are right all the same. Everything else that is refused is a fault."""
import re

import schemathesis
from schemathesis.core.failures import Failure

ACCEPTED = {*range(200, 400), 401, 403, 404, 409, 412, 429}
# Field errors that depend on more than the schema: code and detail as the service says them.
BY_MEANING = re.compile(r"policy|statement|principal|synced to|nextCursor|Invalid key in record|a tag (key|value) is|a name has|a client id has|must not contain NUL|must be in the future|visible character|ARN without wildcards|hash of this plan|ISO 8601 duration|either oidc or saml|create another and delete this|stands here twice|public certificates only", re.I)
# Requests whose meaning no schema tells; and it writes If-Match without the quotes that its pattern asks for.
MALFORMED = re.compile(r"If-Match must be|U\+0000 or half of a surrogate|nested deeper|more than 1000 keys|cursor is not one|after must be a position|Wami-After must be|a key of the body")


class WellFormedRefused(Failure):
    """A request that the document allows was refused."""


def _is_right(status, problem):
    if status == 422 and problem.get("code") == "IdempotencyKeyReused":
        return True
    if status == 422:
        errors = problem.get("errors", [])
        return bool(errors) and all(BY_MEANING.search(e["detail"]) or _inside_policy(e["pointer"]) for e in errors)
    return status == 400 and bool(MALFORMED.search(problem.get("detail", "")))


def _inside_policy(pointer):
    return re.search(r"/(document|trustPolicy|providerDocuments|inlinePolicies|federation|policies)(/|$)", pointer) is not None


@schemathesis.check
def well_formed_is_accepted(ctx, response, case):
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or response.status_code in ACCEPTED or response.status_code >= 500:
        return
    if "json" in response.headers.get("content-type", [""])[0] and _is_right(response.status_code, response.json()):
        return
    raise WellFormedRefused(
        operation=case.operation.label, title="Well-formed request refused",
        message=f"answered {response.status_code}: {response.text[:600]}",
    )
