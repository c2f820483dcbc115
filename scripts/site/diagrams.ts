import { readFileSync } from 'node:fs'
import path from 'node:path'

/** The pictures of Mermaid diagrams, made by scripts/docs/diagrams.ts. */
const FOLDER = path.join(import.meta.dirname, 'diagrams')

/** The file of the picture of a document's diagram, counted from 1. */
export function diagramFile(document: string, number: number): string {
  const name = document.replace(/\.md$/, '').replaceAll('/', '-').toLowerCase()
  return path.join(FOLDER, `${name}-${number}.svg`)
}

/** The picture of a document's diagram as SVG. @throws with the command that makes it */
export function readDiagram(document: string, number: number): string {
  try {
    return readFileSync(diagramFile(document, number), 'utf8')
  } catch {
    throw new Error(`Diagram ${number} of ${document} has no picture: node scripts/docs/diagrams.ts`)
  }
}
