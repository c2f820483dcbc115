import { z } from 'zod'

/* Numbers of the configuration, with the value that counts when none is set. */

export const seconds = (fallback: number) => z.number().min(0.05).max(86_400).default(fallback)
export const milliseconds = (fallback: number) => z.number().int().min(1).max(86_400_000).default(fallback)
/** Days that something is kept; 0: for ever. */
export const daysOrEver = (fallback: number) => z.number().int().min(0).max(36_500).default(fallback)
export const count = (fallback: number, max = 10_000_000) =>
  z.number().int().min(1).max(max).default(fallback)
