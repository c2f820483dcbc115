/* What answers have in common, as expressions of a SELECT. */

/** A time as answers write it: ISO 8601, in UTC, to the millisecond. @param time an expression of the statement */
export function isoTime(time: string): string {
  return `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

/** Who did something, as answers name it. @param row the row of `actor` in the statement */
export function actorJson(row: string): string {
  return `json_build_object('id', ${row}.id, 'kind', ${row}.kind, 'display', ${row}.display)`
}
