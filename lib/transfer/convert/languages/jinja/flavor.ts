import type { Truth } from '../../tree.ts'

/** In what Jinja and Nunjucks differ. */
export interface Flavor {
  name: 'jinja2' | 'nunjucks'
  truth: Truth
  /** One line break at the end of the text is dropped. */
  dropsLastBreak: boolean
  hasVerbatim: boolean
  /** What is set within a loop is forgotten with each turn of it. */
  setsPerTurn: boolean
  trimBlocks: boolean
  lstripBlocks: boolean
}

export const JINJA: Flavor = {
  name: 'jinja2',
  truth: 'python',
  dropsLastBreak: true,
  hasVerbatim: false,
  setsPerTurn: true,
  trimBlocks: false,
  lstripBlocks: false,
}

export const NUNJUCKS: Flavor = {
  name: 'nunjucks',
  truth: 'script',
  dropsLastBreak: false,
  hasVerbatim: true,
  setsPerTurn: false,
  trimBlocks: false,
  lstripBlocks: false,
}
