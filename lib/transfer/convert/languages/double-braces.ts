import type { Reading } from '../reading.ts'
import { addText, type Expression, type Node, type Tree } from '../tree.ts'
import { CalledResults } from './called-results.ts'

/** Reads texts in which `{{name}}` is all there is, as Langfuse and GitHub Models have it. */
export function readDoubleBraces(reading: Reading): Tree {
  return readOutputs(reading, (inside, at) => {
    const name = inside.trim()
    if (/^[\p{L}_][\p{L}\p{N}_]*(?:[ -][\p{L}\p{N}_]+)*$/u.test(name)) return { is: 'variable', name, at }
    reading.note(at, `{{${short(inside)}}} is no name of a variable and is kept as it is`)
    return undefined
  })
}

/** Reads templates of Semantic Kernel: variables have a `$`, texts have quotes, everything else calls a function. */
export function readSemanticKernel(reading: Reading): Tree {
  const spelled = new Map((reading.options.names ?? []).map((name) => [name.toLowerCase(), name]))
  const results = new CalledResults(reading)
  return readOutputs(reading, (inside, at) => {
    const code = inside.trim()
    const name = /^\$([0-9A-Za-z_]+)$/.exec(code)?.[1]
    if (name !== undefined) {
      const known = spelled.get(name.toLowerCase()) ?? name
      spelled.set(known.toLowerCase(), known)
      return { is: 'variable', name: known, at }
    }
    if (/^(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")$/.test(code)) {
      return { is: 'value', value: code.slice(1, -1).replace(/\\(['"\\])/g, '$1') }
    }
    if (code === '') return undefined
    const [called = '', ...given] = code.match(CALL) ?? []
    const named = called.length > MOST_NAMED ? (called.split('.').at(-1) ?? called) : called
    if (/^\w/.test(called)) return results.of(code, named, given, at)
    reading.note(at, `{{${short(inside)}}} is no variable of Semantic Kernel and is kept as it is`)
    return undefined
  })
}

/** A function whose name with its plugin is longer is called by its own alone. */
const MOST_NAMED = 24
/** The words of a call: names, variables and texts in quotes. */
const CALL = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"']+/g

/** @param read what stands between a pair of braces, or undefined where it is plain text */
function readOutputs(reading: Reading, read: (inside: string, at: number) => Expression | undefined): Tree {
  const { text } = reading
  const nodes: Node[] = []
  let from = 0
  for (let at = text.indexOf('{{'); at >= 0; at = text.indexOf('{{', from)) {
    const close = text.indexOf('}}', at + 2)
    if (close < 0) break
    // Of several braces the last two open.
    const open = text.lastIndexOf('{{', close - 2)
    addText(nodes, text.slice(from, open))
    const found = read(text.slice(open + 2, close), open)
    if (found) nodes.push({ is: 'output', value: found })
    else addText(nodes, text.slice(open, close + 2))
    from = close + 2
  }
  addText(nodes, text.slice(from))
  return { nodes, truth: 'script' }
}

function short(text: string): string {
  const line = text.trim().split('\n')[0] ?? ''
  return line.length > 40 ? `${line.slice(0, 40)}…` : line
}
