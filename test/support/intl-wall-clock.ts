/** The wall clock of a zone as minutes since 1970, read from the platform's own tables instead of the date library. */
export function intlWallClock(zone: string): (minute: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  // Asked again and again for the same few thousand minutes.
  const known = new Map<number, number>();
  const read = (minute: number): number => {
    const [month = 0, day = 0, year = 0, hour = 0, minutes = 0] = (
      format.format(minute * 60_000).match(/\d+/g) ?? []
    ).map(Number);
    return Date.UTC(year, month - 1, day, hour, minutes) / 60_000;
  };
  return (minute) => {
    let wall = known.get(minute);
    if (wall === undefined) known.set(minute, (wall = read(minute)));
    return wall;
  };
}
