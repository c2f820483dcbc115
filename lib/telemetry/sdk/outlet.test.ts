import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import { expect, it } from 'vitest'
import { createLog } from '../../log.ts'
import { SentCounts } from '../sent.ts'
import { Outlet } from './outlet.ts'

it('bounds what waits, counts what came of it, and tells of a failure and its end once', () => {
  const lines: string[] = []
  const log = createLog({ level: 'info', format: 'json' }, { write: (line: string) => void lines.push(line) })
  const counts = new SentCounts()
  let result: ExportResult = { code: ExportResultCode.FAILED, error: new Error('ECONNREFUSED') }
  const exporter = {
    export: (_: string[], done: (result: ExportResult) => void) => done(result),
    shutdown: () => Promise.resolve(),
  }
  const outlet = new Outlet<string>(exporter, { signal: 'traces', room: 2, counts, log })
  const said = () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg)
  const send = () => {
    const taken = [outlet.takes(), outlet.takes(), outlet.takes()]
    let told: ExportResult | undefined
    outlet.export(['a', 'b'], (answer) => {
      told = answer
    })
    // Whoever hears of a failure would tell of it again.
    expect([taken, told?.code]).toEqual([[true, true, false], ExportResultCode.SUCCESS])
  }
  send()
  send()
  expect(said()).toEqual([expect.stringContaining('cannot be sent')])
  expect(lines[0]).toContain('ECONNREFUSED')
  result = { code: ExportResultCode.SUCCESS }
  send()
  expect(said()).toEqual([expect.anything(), 'telemetry is sent again'])
  expect(['sent', 'failed', 'dropped'].map((fate) => counts.of('traces', fate as 'sent'))).toEqual([2, 4, 3])
})
