import { statement } from '../database/statement.js';

/** Who offers a service is part of what its ETag vouches for, though it is kept in rows of its own. */
export const SERVICES_TOUCH = statement(
  'services-touch',
  'update service set version = version + 1 where id = any($1::uuid[])',
);

/** The same for what a staff member offers. */
export const STAFF_TOUCH = statement(
  'staff-touch',
  'update resource set version = version + 1 where id = any($1::uuid[])',
);

/** Answers who came or went; who stays keeps their own duration and price. */
export const SERVICE_STAFF_SET = statement(
  'service-staff-set',
  `with gone as (delete from service_resource where service_id = $1 and resource_id <> all($2::uuid[]) returning resource_id),
        come as (insert into service_resource (service_id, resource_id) select $1, id from unnest($2::uuid[]) as id
                 on conflict do nothing returning resource_id)
   select resource_id as id from gone union all select resource_id from come`,
);

/** Answers the services that came, went or got another duration or price. */
export const STAFF_SERVICES_SET = statement(
  'staff-services-set',
  `with wanted as (select * from unnest($2::uuid[], $3::int[], $4::int[]) as w (service_id, duration_minutes, price_minor)),
        gone as (delete from service_resource where resource_id = $1 and service_id <> all($2::uuid[]) returning service_id),
        come as (insert into service_resource as o (service_id, resource_id, duration_minutes, price_minor)
                 select service_id, $1, duration_minutes, price_minor from wanted
                 on conflict (service_id, resource_id) do update
                 set duration_minutes = excluded.duration_minutes, price_minor = excluded.price_minor
                 where (o.duration_minutes, o.price_minor) is distinct from (excluded.duration_minutes, excluded.price_minor)
                 returning service_id)
   select service_id as id from gone union all select service_id from come`,
);
