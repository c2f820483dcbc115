import { cookies } from 'next/headers'
import { isTimeZone } from '#components/usage/span.ts'
import { TIME_ZONE_COOKIE } from '#components/usage/time-zone-cookie.ts'

/** The reader's time zone, as the browser told it last time; UTC before that. */
export async function readTimeZone(): Promise<string> {
  const known = (await cookies()).get(TIME_ZONE_COOKIE)?.value
  return known !== undefined && isTimeZone(known) ? known : 'UTC'
}
