import { NotFoundException } from '@nestjs/common';
import { DomainError, NotFound, Unavailable } from './domain-error.js';
import { problemOf } from './problem.filter.js';

class Refusal extends DomainError {
  constructor(extras: Record<string, unknown>) {
    super('slot-unavailable', 'Somebody was faster.', extras);
  }
}

const request = { url: '/api/bookings?secret=1', id: 'request-1' };
const problem = (error: unknown) => problemOf(error, request, 'https://salon.example');

describe('a refusal', () => {
  it('says what every refusal says first, and what is its own after that', () => {
    const { body } = problem(new Refusal({ alternatives: ['later'] }));
    expect(Object.keys(body)).toEqual([
      'type',
      'title',
      'status',
      'detail',
      'instance',
      'code',
      'requestId',
      'alternatives',
    ]);
    expect(body['instance']).toBe('/api/bookings');
  });

  it('cannot be made to say another status, code or request by what is its own', () => {
    const { body } = problem(new Refusal({ status: 200, code: 'fine', requestId: 'x', type: 'about:blank' }));
    expect(body).toEqual(problem(new Refusal({})).body);
    expect(body['status']).toBe(409);
  });

  it('of an unknown path is told in the words for a missing thing', () => {
    expect(problem(new NotFoundException('Cannot GET /x'))).toEqual(problem(new NotFound()));
  });

  it('says when to come back, and nothing of what broke inside', () => {
    expect(problem(new Unavailable()).headers).toEqual({ 'retry-after': '2' });
    const { status, body } = problem(new Error('select * from account'));
    expect([status, body['code']]).toEqual([500, 'internal']);
    expect(JSON.stringify(body)).not.toContain('select');
  });
});
