import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { createDto, OidcSignIn, Public, type OidcAuthorization } from '@wami/platform';
import { z } from 'zod';

/** RFC 7636: what a code is asked for with. */
const verifier = z.string().regex(/^[\w.~-]{43,128}$/);
class RedeemDto extends createDto(z.strictObject({ code: z.string().min(1).max(4096), verifier, redirectUri: z.url({ protocol: /^https?$/ }).max(2048) })) {}

/** Not of the API: the page may call its own origin alone, so this origin asks the issuer. */
@ApiExcludeController()
@Public()
@Controller('console/oidc')
export class OidcController {
  constructor(private readonly signIn: OidcSignIn) {}

  @Get()
  authorization(): Promise<OidcAuthorization> {
    return this.signIn.authorization();
  }

  @Post('token')
  @HttpCode(200)
  async token(@Body() body: RedeemDto): Promise<{ readonly token: string }> {
    return { token: await this.signIn.tokenFor(body) };
  }
}
