import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { cleanupOpenApiDoc } from 'nestjs-zod';
import { completeDocument } from './complete-document';

const DESCRIPTION = `Keeps identities once and makes every cloud agree with them. Errors are RFC 9457 problems with a stable \`code\` (docs/errors.md).
Send \`Authorization: Bearer <token>\`. Percent-encode tenant ids and ARNs in paths.`;

/** The OpenAPI 3.1 document of an app, at `/openapi.json`, and a page to read it, at `/docs`. */
export async function serveOpenApi(app: NestFastifyApplication, title: string): Promise<void> {
  await Promise.resolve();
  SwaggerModule.setup('docs', app, () => openApiDocument(app, title), { jsonDocumentUrl: 'openapi.json', yamlDocumentUrl: 'openapi.yaml' });
}

export function openApiDocument(app: NestFastifyApplication, title: string): OpenAPIObject {
  const settings = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle(title).setDescription(DESCRIPTION).setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'opaque', description: "The administrator's token, an API key or an OIDC access token." })
    .addSecurityRequirements('bearer').build();
  return completeDocument(cleanupOpenApiDoc(SwaggerModule.createDocument(app, settings), { version: '3.1' }));
}
