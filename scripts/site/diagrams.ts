import { existsSync, readFileSync } from 'node:fs'
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
  const svg = readDiagramFile(diagramFile(document, number))
  if (svg === undefined)
    throw new Error(`Diagram ${number} of ${document} has no picture: node scripts/docs/diagrams.ts`)
  return svg
}

/** What is in the file of a picture; undefined: it was never made. */
export function readDiagramFile(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
