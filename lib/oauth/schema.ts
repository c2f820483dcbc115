import { z } from 'zod'
import { PageQuery, pageOf } from '../page.ts'
import { CLIENT_NAME_LENGTH, CLIENT_SCOPES, REDIRECT_URI_LENGTH, REDIRECT_URIS_MAX } from './rules.ts'

/** Inputs are strict and carry no defaults; defaults live in operations. Outputs stay open. */

const ClientScope = z.enum(CLIENT_SCOPES)
const Scopes = z.array(ClientScope).min(1).max(CLIENT_SCOPES.length)

const Person = z.object({ id: z.string(), display: z.string() })

/** A client that is connected, or can be. */
export const ConnectedClient = z.object({
  id: z.string().describe('Of the connection: a client has one for each consent'),
  client_id: z.string(),
  name: z.string().describe('As the client calls itself'),
  uri: z.string().nullable().describe('Its home page'),
  redirect_hosts: z.array(z.string()).describe('Where it took its code'),
  origin: z
    .enum(['document', 'configured', 'registration'])
    .describe('document: its host vouches for it; configured: your operator does; registration: nobody does'),
  person: Person.nullable().describe(
    'For whom it acts; null: a service, or a client that waits to be connected',
  ),
  scopes: z.array(ClientScope),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable().describe('When it last asked for a token'),
  expires_at: z.iso.datetime().nullable().describe('When it ends unless it is used before'),
})
export type ConnectedClient = z.infer<typeof ConnectedClient>

export const ClientPage = pageOf(ConnectedClient)
export type ClientPage = z.infer<typeof ClientPage>

export const ListClientsQuery = z.strictObject({ ...PageQuery.shape })
export type ListClientsQuery = z.infer<typeof ListClientsQuery>

export const ClientPath = z.strictObject({ id: z.uuid().describe('Id of the connection') })

export const CreateClientInput = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(CLIENT_NAME_LENGTH)
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*\S[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'must be words on one line')
    .describe('What people read'),
  kind: z
    .enum(['public', 'service'])
    .describe('public: people connect it, and it acts for them; service: it acts by itself, with a secret'),
  redirect_uris: z
    .array(z.string().min(1).max(REDIRECT_URI_LENGTH))
    .min(1)
    .max(REDIRECT_URIS_MAX)
    .optional()
    .describe(
      'Where a public client takes its code: https, a loopback address (any port), or the scheme of an app',
    ),
  scopes: Scopes.describe('What a service may do; the most that a public client is given'),
})
export type CreateClientInput = z.infer<typeof CreateClientInput>

/** The one answer that holds a secret. */
export const NewClient = z.object({
  client_id: z.string(),
  client_secret: z.string().optional().describe('Of a service, shown this once'),
})
export type NewClient = z.infer<typeof NewClient>

export const ConsentInput = z.strictObject({
  query: z.string().min(1).max(16_384).describe('The query of the authorization request'),
  person: z.uuid().describe('Id of the actor to whom the page showed the request'),
  scopes: z
    .array(ClientScope)
    .max(CLIENT_SCOPES.length)
    .describe('What the client is allowed: less than it asks for, or more, or, where this is empty, nothing'),
})
export type ConsentInput = z.infer<typeof ConsentInput>

export const ConsentAnswer = z.object({
  location: z.string().describe('Where the browser goes now: to the client, with a code or with the refusal'),
})
export type ConsentAnswer = z.infer<typeof ConsentAnswer>

/** What a client asks a person for, for the page on which the person decides. */
export interface ConsentQuestion {
  readonly client: {
    readonly name: string
    readonly uri: string | null
    readonly origin: ConnectedClient['origin']
    /** The host that vouches for it; null: there is none. */
    readonly host: string | null
  }
  readonly redirect: { readonly host: string; readonly isLoopback: boolean }
  readonly scopes: readonly {
    readonly scope: z.infer<typeof ClientScope>
    /** Whether the client asks for it; a person can give it more. */
    readonly isAsked: boolean
    /** Whether the person may give it. */
    readonly isPossible: boolean
    readonly isChosen: boolean
  }[]
  readonly person: { readonly id: string; readonly display: string }
}
