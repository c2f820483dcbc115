import { z } from 'zod'
import { contract } from '../contract.ts'

export const getOpenApiContract = contract({
  id: 'getOpenApi',
  method: 'GET',
  path: '/api/openapi.json',
  tag: 'Health',
  summary: 'This document',
  output: z.looseObject({ openapi: z.string() }),
  status: 200,
  kept: true,
  etag: true,
  errors: [],
})
