import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../common/access.js';
import { NotFound } from '../common/domain-error.js';
import { isProblemCode, PROBLEMS } from '../common/problem.catalogue.js';
import { Refuses } from '../common/problem.response.js';
import { ProblemKindResponse } from './dto/problem-kind.response.js';
import { prefersPage, problemPage } from './problem-page.js';

/** Where the `type` of every refusal leads. */
@ApiTags('Operations')
@Access('public')
@Controller('problems')
@Refuses('not-found', 'rate-limited')
export class ProblemsController {
  @Get(':code')
  @ApiOperation({ operationId: 'explainProblem', summary: 'What a refusal’s code means and what to do' })
  @ApiParam({ name: 'code', example: 'slot-unavailable', schema: { type: 'string' } })
  @ApiExtraModels(ProblemKindResponse)
  @ApiOkResponse({
    description: 'JSON, or a page for browsers',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(ProblemKindResponse) } },
      'text/html': { schema: { type: 'string' } },
    },
  })
  explain(
    @Param('code') code: string,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): ProblemKindResponse | string {
    if (!isProblemCode(code)) throw new NotFound();
    // Not by @Header, which a refusal would keep: what is unknown today may be a code tomorrow.
    void reply.headers({ 'cache-control': 'public, max-age=3600', vary: 'accept' });
    if (!prefersPage(accept)) return ProblemKindResponse.of(code);
    void reply.type('text/html; charset=utf-8');
    return problemPage(code, PROBLEMS[code]);
  }
}
