import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { createDto, ProblemError, Public } from '@wami/platform';
import { z } from 'zod';
import { ConsoleSessions } from './console-sessions';

class SignInDto extends createDto(z.strictObject({ code: z.string().min(1).max(128) })) {}

/** Not of the API: it is between the console and the process that printed its address. */
@ApiExcludeController()
@Public()
@Controller('console')
export class SignInController {
  constructor(private readonly sessions: ConsoleSessions) {}

  @Post('sign-in')
  @HttpCode(200)
  signIn(@Body() { code }: SignInDto): { readonly token: string } {
    const token = this.sessions.redeem(code);
    if (token === undefined) throw new ProblemError('Unauthenticated', { detail: 'the code was used already, is too old, or is of another start' });
    return { token };
  }
}
