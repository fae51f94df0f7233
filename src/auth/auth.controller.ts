import { Body, Controller, HttpCode, Ip, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { Limited } from '../common/route.decorators.js';
import { LoginResponse, RefreshResponse } from './dto/grants.response.js';
import { LoginRequest } from './dto/login.request.js';
import { RefreshRequest } from './dto/token.request.js';
import { RefreshTokens } from './refresh-tokens.js';
import { Sessions } from './sessions.service.js';
import { SignIn } from './sign-in.service.js';

@ApiTags('Identity')
@Controller('api/auth')
@Refuses('unauthenticated', 'rate-limited')
export class AuthController {
  constructor(
    private readonly signIn: SignIn,
    private readonly refreshTokens: RefreshTokens,
    private readonly sessions: Sessions,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Access('public')
  @Limited({ name: 'login', max: 30, seconds: 60 })
  @ApiOperation({ operationId: 'signInStaff', summary: 'Sign in a member of staff by e-mail and password' })
  @ApiOkResponse({ type: LoginResponse })
  @Refuses('sign-in-failed', 'validation-failed')
  async login(@Body() { email, password }: LoginRequest, @Ip() ip: string): Promise<LoginResponse> {
    return LoginResponse.from(await this.signIn.withPassword(email, password, ip));
  }

  @Post('refresh')
  @HttpCode(200)
  @Access('public')
  @ApiOperation({
    operationId: 'refreshSession',
    summary: 'Trade a refresh token for its successor and a new access token; send no Authorization header',
  })
  @ApiOkResponse({ type: RefreshResponse })
  @Refuses('validation-failed')
  async refresh(@Body() { refreshToken }: RefreshRequest): Promise<RefreshResponse> {
    return RefreshResponse.from(await this.refreshTokens.rotate(refreshToken));
  }

  @Post('logout')
  @HttpCode(204)
  @Access('staff', 'customer', 'guest')
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'signOut',
    summary: 'End this session; its tokens are refused from the next request on',
  })
  @ApiNoContentResponse()
  async logout(@CurrentActor() actor: Actor): Promise<void> {
    await this.sessions.signOut(actor);
  }
}
