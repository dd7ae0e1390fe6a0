"""A client of somebody else: knows nothing but an address, asks by reflection what there is.

  outsider.py report ADDRESS            what it finds, as JSON on stdout
  outsider.py gateway ADDRESS PORT      serves HTTP on 127.0.0.1:PORT; each request becomes the call whose google.api.http rule it fits

Environment: WAMI_STATUSES, JSON of HTTP status by ErrorInfo.reason; WAMI_HTTP, origin of the OpenAPI document; WAMI_TOKEN, of the report.
"""
import json
import os
import re
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

import grpc
from google.api import annotations_pb2
from google.protobuf import descriptor_pool, json_format, message_factory
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

SECONDS = 60
VERBS = ["get", "post", "put", "patch", "delete"]
DETAILS = {cls.DESCRIPTOR.full_name: cls for cls in [
    error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, error_details_pb2.RetryInfo, error_details_pb2.ResourceInfo, error_details_pb2.RequestInfo]}


class Method:
    def __init__(self, channel, service, method):
        self.name = f"{service.full_name}/{method.name}"
        self.asked = message_factory.GetMessageClass(method.input_type)
        answered = message_factory.GetMessageClass(method.output_type)
        self.streams = method.server_streaming
        make = channel.unary_stream if self.streams else channel.unary_unary
        self.call = make(f"/{self.name}", request_serializer=self.asked.SerializeToString, response_deserializer=answered.FromString)
        rule = method.GetOptions().Extensions[annotations_pb2.http]
        self.verb = next((verb for verb in VERBS if getattr(rule, verb)), None)
        self.path = getattr(rule, self.verb) if self.verb else None
        self.body = rule.body
        self.pattern = re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path or "(?!)") + "$")


def methods_of(channel):
    database = ProtoReflectionDescriptorDatabase(channel)
    pool = descriptor_pool.DescriptorPool(database)
    services = [pool.FindServiceByName(name) for name in database.get_services()]
    return [Method(channel, service, method) for service in services for method in service.methods]


def refusal(error):
    """Code, message and details of a failed call, details by the name of their type."""
    details = {}
    for key, value in error.trailing_metadata() or []:
        if key == "grpc-status-details-bin":
            for packed in status_pb2.Status.FromString(value).details:
                name = packed.TypeName()
                details[name] = json_format.MessageToDict(DETAILS[name].FromString(packed.value))
    return {"code": error.code().name, "message": error.details(), "details": details}


def report(address):
    channel = grpc.insecure_channel(address)
    methods = methods_of(channel)
    by_name = {method.name: method for method in methods}
    health = health_pb2_grpc.HealthStub(channel)
    watched = health.Watch(health_pb2.HealthCheckRequest(service="wami.v1.Users"), timeout=SECONDS)
    token = [("authorization", "Bearer " + os.environ["WAMI_TOKEN"])]

    def tried(name, request, metadata=(), timeout=SECONDS):
        method = by_name[name]
        try:
            return json_format.MessageToDict(method.call(json_format.ParseDict(request, method.asked()), metadata=metadata, timeout=timeout))
        except grpc.RpcError as error:
            return refusal(error)

    found = {
        "methods": [method.name for method in methods],
        "health": {
            "check": health_pb2.HealthCheckResponse.ServingStatus.Name(health.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS).status),
            "watch": health_pb2.HealthCheckResponse.ServingStatus.Name(next(watched).status),
            "list": {name: health_pb2.HealthCheckResponse.ServingStatus.Name(one.status)
                     for name, one in health.List(health_pb2.HealthListRequest(), timeout=SECONDS).statuses.items()},
        },
        "created": tried("wami.v1.Users/CreateUser", {"user": {"tenant": "default", "userName": "outsider", "tags": {"from": "python"}}}, token),
        "taken": tried("wami.v1.Users/CreateUser", {"user": {"tenant": "default", "userName": "Outsider"}}, token),
        "invalid": tried("wami.v1.Users/CreateUser", {"user": {"tenant": "default", "userName": "x", "email": "no address"}}, token),
        "unknown": tried("wami.v1.Users/GetUser", {"id": "usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y"}, token),
        "late": tried("wami.v1.Resources/ListResources", {"options": {"consistency": "max-lag=-1"}}, token),
        "nobody": tried("wami.v1.Tenants/ListTenants", {}),
        "endless": tried("wami.v1.Tenants/ListTenants", {}, token, None),
    }
    watched.cancel()
    watch = by_name["wami.v1.Events/WatchEvents"]
    stream = watch.call(watch.asked(), metadata=token, timeout=SECONDS)
    events = [json_format.MessageToDict(event) for event, _ in zip(stream, range(3))]
    stream.cancel()
    resumed = watch.call(watch.asked(after=events[0]["position"]), metadata=token, timeout=SECONDS)
    found["events"], found["resumed"] = events, json_format.MessageToDict(next(resumed))
    resumed.cancel()
    print(json.dumps(found))


def request_of(method, match, query, headers, body):
    said = {name: unquote(value) for name, value in match.groupdict().items()}
    fields = {field.name: field for field in method.asked.DESCRIPTOR.fields}
    options = {}
    for name, value in query:
        name = {"limit": "page_size", "cursor": "page_token"}.get(name, name)
        if name == "dryRun":
            options["dry_run"] = value == "true"
        elif name in fields and fields[name].is_repeated:
            said.setdefault(name, []).append(value)
        else:
            flag = name in fields and fields[name].type == fields[name].TYPE_BOOL
            said[name] = value == "true" if flag else value
    if method.body and body:
        said[method.body] = json.loads(body)
    if re.fullmatch(r'"\d+"', headers.get("if-match") or ""):
        options["expected_version"] = headers["if-match"].strip('"')
    if (headers.get("prefer") or "").startswith("wait="):
        options["wait_seconds"] = headers["prefer"][5:]
    for header, name in (("wami-after", "after"), ("wami-consistency", "consistency")):
        if headers.get(header):
            options[name] = headers[header]
    known = {field.name for field in fields["options"].message_type.fields} if "options" in fields else set()
    options = {name: value for name, value in options.items() if name in known}
    return json_format.ParseDict({**said, **({"options": options} if options else {})}, method.asked())


def as_http(message):
    """The answer as HTTP gives it: what was written at the top, lists as items."""
    said = json_format.MessageToDict(message)
    names = [field.json_name for field in message.DESCRIPTOR.fields]
    if "nextPageToken" in names:
        listed, *more = [field.json_name for field in message.DESCRIPTOR.fields if field.is_repeated]
        return {"items": said.get(listed, []), **{name: said[name] for name in more if name in said}, **({"nextCursor": said["nextPageToken"]} if "nextPageToken" in said else {})}
    if "written" in names and isinstance(said.get(names[0]), dict):
        return {**said[names[0]], "written": said.get("written")}
    return said


class Gateway(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are two packets: the second would wait 40 ms for the receipt of the first
    methods, statuses = [], {}

    def answer(self):
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if not url.path.startswith("/v1/"):
            upstream = os.environ["WAMI_HTTP"] + self.path if url.path == "/openapi.json" else None
            return self.say(200, urllib.request.urlopen(upstream, timeout=SECONDS).read() if upstream else b"{}")
        metadata = [(name, self.headers[name]) for name in ("authorization", "idempotency-key") if self.headers.get(name)]
        if "text/event-stream" in (self.headers.get("accept") or ""):
            return self.stream(metadata)
        for method in self.methods:
            match = method.pattern.match(url.path) if method.verb == self.command.lower() else None
            if match:
                break
        else:
            return self.say(501, json.dumps({"detail": "no method has this route"}).encode())
        try:
            said = method.call(request_of(method, match, parse_qsl(url.query), self.headers, body), metadata=metadata, timeout=SECONDS)
            answer = as_http(said)
            return self.say(201 if (answer.get("written") or {}).get("created") else 200, json.dumps(answer).encode())
        except grpc.RpcError as error:
            told = refusal(error)
            reason = told["details"].get("google.rpc.ErrorInfo", {}).get("reason")
            return self.say(self.statuses.get(reason, 500), json.dumps(told).encode())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def stream(self, metadata):
        watch = next(method for method in self.methods if method.name == "wami.v1.Events/WatchEvents")
        self.send_response(200)
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            for event in watch.call(watch.asked(), metadata=metadata, timeout=SECONDS):
                self.wfile.write(json.dumps(json_format.MessageToDict(event)).encode() + b"\n")
                self.wfile.flush()
        except (grpc.RpcError, ConnectionError):
            pass  # either side has hung up: the answer ends

    def say(self, status, body):
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    _, verb, address, *rest = sys.argv
    if verb == "report":
        report(address)
    else:
        Gateway.methods = methods_of(grpc.insecure_channel(address))
        Gateway.statuses = json.loads(os.environ["WAMI_STATUSES"])
        ThreadingHTTPServer(("127.0.0.1", int(rest[0])), Gateway).serve_forever()
