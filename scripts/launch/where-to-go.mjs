import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * Waits until the app is ready and prints where to go next.
 * @param {{host: string, port: number, dataDir: string, started: number, until: Promise<unknown>}} options
 *   started: for how long it took · until: give up when this settles
 */
export async function printWhereToGo({ host, port, dataDir, started, until }) {
  const state = { isOver: false }
  void until.finally(() => {
    state.isOver = true
  })
  const address = `http://${nameFor(host)}:${port}`
  const probe = `http://${host.includes(':') ? `[${host}]` : host}:${port}/health/ready`
  let nextNotice = Date.now() + 10_000
  while (!state.isOver) {
    const { problem, isOpen } = await askReady(probe.replace('0.0.0.0', '127.0.0.1').replace('[::]', '[::1]'))
    if (problem === undefined) {
      print(address, started, isOpen)
      return printSetUpLink(dataDir)
    }
    if (Date.now() > nextNotice) {
      console.error(`Not ready yet: ${problem}`)
      nextNotice += 10_000
    }
    await pause(50)
  }
}

/**
 * Node's own client, not fetch: that would cost the launcher ten megabytes for as long as the app runs.
 * @returns {Promise<{problem?: string, isOpen?: boolean}>} problem: why it is not ready · isOpen: nobody has to sign in
 */
function askReady(url) {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, signal: AbortSignal.timeout(5_000) }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve(readinessIn(response.statusCode, text)))
      response.on('error', (error) => resolve({ problem: error.message }))
    })
    request.on('error', (error) => resolve({ problem: error.message }))
  })
}

/** With accounts the answer has its status alone. */
function readinessIn(status, text) {
  if (status === 200) return { isOpen: text.includes('"checks"') }
  const step = /"start":"([^"]+)"/.exec(text)?.[1] ?? 'done'
  return { problem: step === 'done' ? `${status} ${text}` : `the step of its start is "${step}".` }
}

function nameFor(host) {
  return ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host) ? 'localhost' : host
}

function print(address, started, isOpen) {
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  const example = `${address}/api/prompts/business_logic_implementation/render?business_domain=ecommerce&requirements=user+authentication`
  const open = isOpen ? `\n  Try      curl '${example}'` : ''
  // Not to stdout: that is the log's alone, for programs that collect it.
  console.error(`
  Incipit is ready (${seconds} s)

  Page     ${address}
  Agents   ${address}/api/mcp   (MCP, Streamable HTTP)${open}

  Ctrl-C stops it.
`)
}

/** The link of an app that has no owner yet. It goes to stdout: whoever collects the log there has to see it. */
function printSetUpLink(dataDir) {
  let link
  try {
    link = readFileSync(join(dataDir, 'set-up-link'), 'utf8').trim()
  } catch {
    return
  }
  console.log(`
  Set up   ${link}

  The link makes the owner account. It works once, for 24 hours; a restart makes a new one.
`)
}
