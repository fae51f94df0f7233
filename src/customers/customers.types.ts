/** A person as a booking form or the staff write them down; contacts are normalised (E.164, lower case). */
export interface NewCustomer {
  readonly name: string;
  readonly phone?: string | null | undefined;
  readonly email?: string | null | undefined;
  /** IANA name; left out means the salon's. */
  readonly timeZone?: string | null | undefined;
  /** BCP 47; left out means the salon's. */
  readonly locale?: string | undefined;
}

/** What customers may change about themselves; what is left out stays. Contacts change by a code only. */
export interface ProfileChange {
  readonly name?: string | undefined;
  readonly timeZone?: string | null | undefined;
  readonly locale?: string | undefined;
  /** Local date, `1990-12-10`. */
  readonly birthday?: string | null | undefined;
  readonly preferredResourceId?: string | null | undefined;
  readonly notesToSalon?: string | null | undefined;
}

/** What staff may change about a person; what is left out stays. */
export interface CustomerChange extends Partial<NewCustomer> {
  readonly notes?: string | null | undefined;
}
