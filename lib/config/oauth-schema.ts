import { z } from 'zod'
import { count, milliseconds } from './numbers.ts'

const OAuthClient = z.strictObject({
  client_id: z.string().regex(/^[\w.~-]{1,200}$/, 'expected letters, digits and . _ ~ -'),
  name: z.string().min(1).max(100),
  redirect_uris: z.array(z.string().min(1).max(2000)).min(1).max(20),
})

/** The authorization server, in the section security. */
export const OAUTH = {
  oauth_registration: z
    .enum(['off', 'loopback', 'open'])
    .default('loopback')
    .describe(
      'Which OAuth clients may register themselves: none, programs on the machine of their user alone, or all',
    ),
  oauth_clients: z
    .array(OAuthClient)
    .max(100)
    .default([])
    .describe('OAuth clients that need not register, each with client_id, name and redirect_uris'),
  oauth_access_minutes: count(15, 15).describe('Minutes that an access token of OAuth is good for'),
  oauth_refresh_days: count(30, 365).describe(
    'Days without use after which a connected client has to ask anew',
  ),
  oauth_grace_ms: milliseconds(10_000).describe(
    'A refresh token that comes again within this time was sent twice; later it was stolen, and ends what it belongs to',
  ),
}
