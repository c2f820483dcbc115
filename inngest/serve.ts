import { serve } from 'inngest/edge'
import { inngestClient } from './client.ts'
import { functions } from './functions.ts'

/**
 * The SDK's handler over our functions: an Inngest server or the embedded runner calls it. Requests that
 * are not signed are refused, registration included (with a development server nothing is signed).
 */
export function inngestHandler(): (request: Request) => Promise<Response> {
  const client = inngestClient()
  return serve({ client, functions: functions(client), enableUnauthedSync: false, servePath: '/api/inngest' })
}
