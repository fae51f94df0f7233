/** Hours before a visit at which a bucket of lead times begins: two hours, a day, three, a week, two, thirty days. */
export const LEAD_HOURS = [0, 2, 24, 72, 168, 336, 720] as const;
