import { randomBytes } from 'node:crypto'
import { ROOT_CONTEXT, type SpanContext, TraceFlags } from '@opentelemetry/api'
import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace'
import type { SamplerName, TelemetrySettings } from '../../config/telemetry.ts'

/**
 * Whether a trace is sampled, decided once: where it begins here, or comes in.
 * @param parent the span elsewhere that it goes on from
 * @param isOfStranger asked where there is a parent: whether whoever named it has no say
 */
export type Decide = (
  traceId: string,
  parent: SpanContext | undefined,
  isOfStranger: () => boolean,
) => boolean

/** The samplers of the specification, as plain decisions: none of them asks what a span is called or says. */
export function decisionOf({ name, ratio }: TelemetrySettings['sampler']): Decide {
  const decideAnew = decisionOfRoots(name, ratio)
  const goesByParent = name.startsWith('parentbased_')
  return (traceId, parent, isOfStranger) => {
    if (parent === undefined) return decideAnew(traceId)
    // A trace id could be made up as well as a flag, so that its share of all is hit or missed.
    if (isOfStranger()) return decideAnew(randomBytes(16).toString('hex'))
    return goesByParent ? isSampled(parent) : decideAnew(traceId)
  }
}

function decisionOfRoots(name: SamplerName, ratio: number): (traceId: string) => boolean {
  if (name.endsWith('always_on')) return () => true
  if (name.endsWith('always_off')) return () => false
  const sampler = new TraceIdRatioBasedSampler(ratio)
  return (traceId) =>
    sampler.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED
}

function isSampled({ traceFlags }: SpanContext): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0
}
