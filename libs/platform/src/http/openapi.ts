import { PROBLEMS, problemSchema } from '@wami/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { cleanupOpenApiDoc } from 'nestjs-zod';
import { z } from 'zod';

/** The OpenAPI 3.1 document of an app, at `/openapi.json`, and a page to read it, at `/docs`. */
export async function serveOpenApi(app: NestFastifyApplication, title: string): Promise<void> {
  await Promise.resolve();
  SwaggerModule.setup('docs', app, () => openApiDocument(app, title), { jsonDocumentUrl: 'openapi.json', yamlDocumentUrl: 'openapi.yaml' });
}

export function openApiDocument(app: NestFastifyApplication, title: string): OpenAPIObject {
  const settings = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle(title).setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }).addSecurityRequirements('bearer').build();
  const document = cleanupOpenApiDoc(SwaggerModule.createDocument(app, settings), { version: '3.1' });
  return withProblems(document);
}

/** Every operation may answer with a problem; it is said once for all. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const { $schema: _schema, ...problem } = z.toJSONSchema(problemSchema) as Record<string, unknown>;
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Problem: problem as never } };
  const codes = Object.entries(PROBLEMS).map(([code, [status]]) => `${code} (${status})`).join(', ');
  const response = { description: `Any error. Codes: ${codes}.`, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
  for (const path of Object.values(document.paths)) {
    for (const method of ['get', 'put', 'post', 'patch', 'delete'] as const) {
      const operation = path[method];
      if (operation) operation.responses = { ...operation.responses, default: response };
    }
  }
  return document;
}
