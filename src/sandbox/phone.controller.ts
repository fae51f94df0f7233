import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { Refuses } from '../common/problem.response.js';
import { SandboxQuery } from './dto/sandbox.requests.js';
import { MAIL_PAGE_POLICY, mailPage, PHONE_PAGE_POLICY, phonePage } from './phone-page.js';
import { SandboxClock } from './sandbox-clock.service.js';
import { Sandbox } from './sandbox.service.js';

/** The texts for people to look at. */
@ApiTags('Sandbox')
@Access('sandbox')
@Controller('sandbox/phone')
@Refuses('validation-failed', 'unavailable', 'provider-unavailable')
export class PhoneController {
  constructor(
    private readonly sandbox: Sandbox,
    private readonly clock: SandboxClock,
  ) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', PHONE_PAGE_POLICY)
  @ApiOperation({ operationId: 'showPhones', summary: 'What was sent, as the customers’ phones show it' })
  @ApiProduces('text/html')
  @ApiOkResponse({ type: String })
  async show(@CurrentActor() actor: Actor, @Query() query: SandboxQuery): Promise<string> {
    return phonePage(await this.sandbox.state(query), await this.clock.now(actor));
  }

  @Get('mails/:seq')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', MAIL_PAGE_POLICY)
  @ApiOperation({ operationId: 'showMail', summary: 'An e-mail as its reader sees it' })
  @ApiProduces('text/html')
  @ApiOkResponse({ type: String })
  @Refuses('not-found')
  async mail(@Param('seq') seq: string): Promise<string> {
    const since = /^[1-9]\d{0,8}$/.test(seq) ? Number(seq) - 1 : 0;
    const mail = (await this.sandbox.state({ since })).emails.find((email) => String(email.seq) === seq);
    if (!mail) throw new NotFound();
    return mailPage(mail);
  }
}
