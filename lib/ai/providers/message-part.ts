import type { ContentPart } from '../../prompts/content/content.ts'
import { providerFailure } from './failure.ts'
import type { ProviderFailure } from './provider.ts'

/** Bytes of a part that is no text. */
export interface PartData {
  kind: 'image' | 'audio' | 'file'
  /** Lower-case, without parameters. */
  mimeType: string
  /** Base64. */
  data: string
  /** Name of a file. */
  name: string
}

/** The bytes of a part; undefined: it is a text, or a link, which is told as one. */
export function dataOf(part: ContentPart): PartData | undefined {
  if (part.type === 'image' || part.type === 'audio')
    return { kind: part.type, mimeType: plainType(part.mimeType), data: part.data, name: part.type }
  if (part.type !== 'resource' || part.resource.blob === undefined) return undefined
  const mimeType = plainType(part.resource.mimeType ?? 'application/octet-stream')
  const kind = /^(image|audio)\//.exec(mimeType)?.[1]
  return {
    kind: kind === 'image' || kind === 'audio' ? kind : 'file',
    mimeType,
    data: part.resource.blob,
    name: part.resource.uri.split('/').pop() || 'file',
  }
}

export function dataUrl({ mimeType, data }: PartData): string {
  return `data:${mimeType};base64,${data}`
}

/** Where a part stands, counted from 1. */
export interface PartPlace {
  message: number
  part: number
}

/** For a part that an API takes no form of. */
export function refusedPart(api: string, { kind, mimeType }: PartData, place: PartPlace): ProviderFailure {
  return providerFailure(
    'refused_request',
    `${api} takes no ${kind} of type ${mimeType} there: message ${place.message}, part ${place.part}.`,
  )
}

function plainType(mimeType: string): string {
  return (mimeType.split(';')[0] ?? '').trim().toLowerCase()
}
