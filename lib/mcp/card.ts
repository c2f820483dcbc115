import { isSafeAddress } from '../access/listen-guard.ts'
import { accessState } from '../access/state.ts'
import { isOffered } from '../oauth/addresses.ts'
import { getRuntime } from '../runtime.ts'
import { serverInfo } from './server-info.ts'
import { HANDSHAKE_REVISIONS, STATELESS_REVISION } from './transport/message.ts'

/*
 * The server as it is told of before anybody connects: to clients that look for servers by a domain (SEP-2127, by way
 * of an AI Catalog), and to registries (server.json). All of it is made of the same facts, which are in no place
 * secret: who may connect is asked at `/api/mcp`.
 */

/** Where they are. A catalog says where the card is, so it may be anywhere. */
export const CARD_PATHS = {
  catalog: '/.well-known/ai-catalog.json',
  card: '/.well-known/mcp/server-card.json',
  registry: '/.well-known/mcp/server.json',
} as const

const CARD_TYPE = 'application/mcp-server-card+json'
const CARD_SCHEMA = 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json'
const REGISTRY_SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'

/** One of the documents: its media type and its content. */
export interface CardDocument {
  readonly type: string
  readonly body: Record<string, unknown>
}

/** The document at a path; undefined: there is none. */
export async function cardDocument(path: string): Promise<CardDocument | undefined> {
  switch (path) {
    case CARD_PATHS.catalog:
      return { type: 'application/ai-catalog+json', body: catalog(await readFacts()) }
    case CARD_PATHS.card:
      return { type: CARD_TYPE, body: card(await readFacts()) }
    case CARD_PATHS.registry:
      return { type: 'application/json', body: registryEntry(await readFacts()) }
    default:
      return undefined
  }
}

interface Facts {
  /** The host of the public address. */
  readonly domain: string
  /** The last part of the server's name. */
  readonly id: string
  readonly described: Record<string, unknown>
  readonly icons: { icons?: { src: string; mimeType: string; sizes: string[] }[] }
  readonly remote: Record<string, unknown>
}

async function readFacts(): Promise<Facts> {
  const { publicUrl } = getRuntime().config
  const { name, title, version, description, icons } = serverInfo()
  const { hostname } = new URL(publicUrl)
  const domain = hostname.replaceAll(/[^\w.-]/g, '-')
  const id = name.replaceAll(/[^\w.-]+/g, '-')
  return {
    domain,
    id,
    described: {
      name: `${domain.split('.').toReversed().join('.')}/${id}`,
      title,
      description,
      version,
      websiteUrl: `${publicUrl}/docs`,
    },
    // Others are asked for over a connection that nobody can read along.
    icons: isSafeAddress(publicUrl) && publicUrl.startsWith('https:') ? { icons } : {},
    remote: { type: 'streamable-http', url: `${publicUrl}/api/mcp`, ...(await headers()) },
  }
}

/** How a client says who it is: none where nobody is asked; by itself where it can sign in; else with a key. */
async function headers(): Promise<{ headers?: object[] }> {
  if ((await accessState()) !== 'accounts') return {}
  const key = { description: 'A key of this server (Settings → Keys)', isRequired: true, isSecret: true }
  const description = 'For clients that do not sign in by themselves (OAuth)'
  const isRequired = !(await isOffered())
  return {
    headers: [
      {
        name: 'Authorization',
        ...(isRequired ? {} : { description }),
        isRequired,
        isSecret: true,
        value: 'Bearer {key}',
        variables: { key },
      },
    ],
  }
}

function catalog({ domain, id, described }: Facts): CardDocument['body'] {
  const entry = {
    identifier: `urn:air:${domain}:${id}`,
    displayName: described.title,
    type: CARD_TYPE,
    url: getRuntime().config.publicUrl + CARD_PATHS.card,
  }
  return { specVersion: '1.0', entries: [entry] }
}

function card({ described, icons, remote }: Facts): CardDocument['body'] {
  const supportedProtocolVersions = [STATELESS_REVISION, ...HANDSHAKE_REVISIONS]
  return { $schema: CARD_SCHEMA, ...described, ...icons, remotes: [{ ...remote, supportedProtocolVersions }] }
}

function registryEntry({ described, icons, remote }: Facts): CardDocument['body'] {
  return { $schema: REGISTRY_SCHEMA, ...described, ...icons, remotes: [remote] }
}
