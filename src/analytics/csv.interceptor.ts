import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { Tabular } from './dto/report.response.js';

const CSV = 'text/csv';

/** Answers with a report's table for spreadsheets where the caller would rather have that (`Accept: text/csv`). */
@Injectable()
export class CsvInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<Tabular>): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    void reply.header('vary', 'accept');
    if (!prefersCsv(request.headers.accept)) return next.handle();
    return next.handle().pipe(map((report) => asFile(report, nameOf(request), reply)));
  }
}

/** Whether CSV is named, and nothing before it that an answer in JSON would do for. */
export function prefersCsv(accept = ''): boolean {
  const wished = accept
    .split(',')
    .map((part, index) => ({ ...rangeOf(part), index }))
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality || a.index - b.index);
  return (
    wished.find(({ type }) => [CSV, 'application/json', '*/*', 'application/*'].includes(type))?.type === CSV
  );
}

function rangeOf(part: string): { type: string; quality: number } {
  const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, quality: quality === undefined ? 1 : Number(quality) || 0 };
}

function nameOf(request: FastifyRequest): string {
  return request.url.split('?')[0]?.split('/').at(-1) ?? 'report';
}

/** A cell that a spreadsheet would run as a formula is shown as text. */
function asFile(report: Tabular, name: string, reply: FastifyReply): string {
  void reply.header('content-type', `${CSV}; charset=utf-8`);
  void reply.header('content-disposition', `attachment; filename="${name}_${report.from}_${report.to}.csv"`);
  return stringify([...report.table()], { header: true, escape_formulas: true, record_delimiter: 'windows' });
}
