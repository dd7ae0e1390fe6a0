import type { ServiceDefinition } from '@grpc/grpc-js';
import type { Method, Service, Type } from 'protobufjs';
import { readMessage, writeMessage } from './messages';

/** `wami.v1.Users.CreateUser` */
export const nameOf = (method: Method): string => `${method.parent?.fullName.slice(1) ?? ''}.${method.name}`;

/** How the messages of a service travel: read and written as their JSON. */
export function definitionOf(service: Service): ServiceDefinition {
  return definitions(service, (type) => (bytes) => readMessage(type, bytes));
}

/** The same, but requests stay bytes: whoever answers reads them, and says in our own words what is wrong with them. */
export function lazyDefinitionOf(service: Service): ServiceDefinition {
  return definitions(service, () => (bytes) => bytes);
}

function definitions(service: Service, reader: (asked: Type) => (bytes: Buffer) => unknown): ServiceDefinition {
  return Object.fromEntries(service.methodsArray.map((method) => {
    const [asked, answered] = [method.resolvedRequestType as Type, method.resolvedResponseType as Type];
    return [method.name, {
      path: `/${service.fullName.slice(1)}/${method.name}`, requestStream: method.requestStream === true, responseStream: method.responseStream === true,
      requestDeserialize: reader(asked), requestSerialize: (json: object) => writeMessage(asked, json),
      responseSerialize: (json: object) => writeMessage(answered, json), responseDeserialize: (bytes: Buffer) => readMessage(answered, bytes),
    }];
  }));
}
