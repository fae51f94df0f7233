/**
 * The same two questions with nothing around them: bare fastify and pg, a pool of eight, one named statement each. What it
 * reaches is what this machine, this database and this load generator allow.
 */
import { randomUUID } from 'node:crypto';
import fastify from 'fastify';
import pg from 'pg';

const VISIT_MS = 30 * 60_000;

const ONE_ROW = {
  name: 'one-row',
  text: 'select id, name, duration_minutes, price_minor, currency from service where id = $1',
};

/** The allocation first and everything else from it, as Lawrei does it. */
const BOOK = {
  name: 'book',
  text: `with al as (
           insert into baseline.allocation (id, booking_id, resource_id, during)
           values ($1, $2, $3, tstzrange($4::timestamptz, $5::timestamptz))
           on conflict on constraint allocation_no_overlap do nothing returning booking_id),
         bk as (
           insert into baseline.booking (id, customer_name, customer_phone, customer_email, service_id, starts_at, ends_at)
           select booking_id, $6, $7, $8, $9::uuid, $4::timestamptz, $5::timestamptz from al returning id),
         ob as (
           insert into baseline.outbox_message (id, topic, dedupe_key, payload)
           select $10::uuid, 'booking.confirmed', 'booking:' || id, jsonb_build_object('bookingId', id) from bk)
         select id from bk`,
};

interface BookingBody {
  serviceId: string;
  staffId: string;
  start: string;
  customer: { name: string; phone: string; email: string };
}

const uuid = { type: 'string', format: 'uuid' } as const;
const schema = {
  body: {
    type: 'object',
    required: ['serviceId', 'staffId', 'start', 'customer'],
    properties: {
      serviceId: uuid,
      staffId: uuid,
      start: { type: 'string', format: 'date-time' },
      customer: {
        type: 'object',
        required: ['name', 'phone', 'email'],
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 120 },
          phone: { type: 'string', pattern: '^[+][1-9][0-9]{6,14}$' },
          email: { type: 'string', format: 'email' },
        },
      },
    },
  },
};

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 8 });
const server = fastify();

server.get('/ready', async () => (await pool.query('select 1')).rows);

server.get<{ Querystring: { id: string } }>('/one-row', async (request) => {
  const { rows } = await pool.query({ ...ONE_ROW, values: [request.query.id] });
  return rows[0];
});

server.post<{ Body: BookingBody }>('/booking', { schema }, async (request, reply) => {
  const { serviceId, staffId, start, customer } = request.body;
  const id = randomUUID();
  const end = new Date(Date.parse(start) + VISIT_MS).toISOString();
  const values = [
    randomUUID(),
    id,
    staffId,
    start,
    end,
    customer.name,
    customer.phone,
    customer.email,
    serviceId,
    randomUUID(),
  ];
  const { rowCount } = await pool.query({ ...BOOK, values });
  return rowCount === 1
    ? reply.code(201).send({ id, start, end })
    : reply.code(409).send({ code: 'slot-unavailable' });
});

await server.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
process.once('SIGTERM', () => void server.close().then(() => pool.end()));
