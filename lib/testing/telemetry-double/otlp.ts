export interface ReceivedSpan {
  name: string
  kind: number
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  attributes: Record<string, unknown>
  events: { name: string; attributes: Record<string, unknown> }[]
  links: { traceId: string; spanId: string }[]
  /** 2: an error. */
  status: number
  resource: Record<string, unknown>
}

export interface ReceivedRecord {
  body: unknown
  severity: string | undefined
  traceId: string | undefined
  spanId: string | undefined
  attributes: Record<string, unknown>
  resource: Record<string, unknown>
}

/** The JSON form of OTLP, as far as tests look at it. */
export interface OtlpRequest {
  resourceSpans?: (OfResource & { scopeSpans: { spans: OtlpSpan[] }[] })[]
  resourceLogs?: (OfResource & { scopeLogs: { logRecords: OtlpRecord[] }[] })[]
}

interface OfResource {
  resource?: { attributes?: Pair[] }
}

interface Pair {
  key: string
  value: AnyValue
}

interface AnyValue {
  stringValue?: string
  boolValue?: boolean
  intValue?: number | string
  doubleValue?: number
  arrayValue?: { values?: AnyValue[] }
  kvlistValue?: { values?: Pair[] }
}

interface OtlpSpan {
  name: string
  kind: number
  traceId: string
  spanId: string
  parentSpanId?: string
  attributes?: Pair[]
  events?: { name: string; attributes?: Pair[] }[]
  links?: { traceId: string; spanId: string }[]
  status?: { code?: number }
}

interface OtlpRecord {
  body?: AnyValue
  severityText?: string
  traceId?: string
  spanId?: string
  attributes?: Pair[]
}

export function spansOf({ resourceSpans = [] }: OtlpRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        name: span.name,
        kind: span.kind,
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId || undefined,
        attributes: attributesOf(span.attributes),
        events: (span.events ?? []).map(({ name, attributes }) => ({
          name,
          attributes: attributesOf(attributes),
        })),
        links: span.links ?? [],
        status: span.status?.code ?? 0,
        resource: attributesOf(resource?.attributes),
      })),
    ),
  )
}

export function recordsOf({ resourceLogs = [] }: OtlpRequest): ReceivedRecord[] {
  return resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map((record) => ({
        body: valueOf(record.body),
        severity: record.severityText,
        traceId: record.traceId || undefined,
        spanId: record.spanId || undefined,
        attributes: attributesOf(record.attributes),
        resource: attributesOf(resource?.attributes),
      })),
    ),
  )
}

function attributesOf(list: readonly Pair[] = []): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value }) => [key, valueOf(value)]))
}

function valueOf(value: AnyValue | undefined): unknown {
  if (value?.intValue !== undefined) return Number(value.intValue)
  if (value?.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(valueOf)
  if (value?.kvlistValue !== undefined) return attributesOf(value.kvlistValue.values)
  return value?.stringValue ?? value?.boolValue ?? value?.doubleValue
}
