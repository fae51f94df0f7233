/** After how many days a return is looked for. */
export const RETURN_DAYS = [30, 60, 90, 180] as const;
export type ReturnDays = (typeof RETURN_DAYS)[number];
