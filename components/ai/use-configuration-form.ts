'use client'

import { useState } from 'react'
import { useForm } from '#components/forms/use-form.ts'
import type { AIConfiguration, Catalogue } from '#lib/ai/schema.ts'
import { call, currentEtag } from '#lib/rest/client.ts'
import {
  changesOf,
  type FormValues,
  faultsOf,
  losesKey,
  newForm,
  takesPriceBack,
  toBody,
  toForm,
} from './configuration-form.ts'

interface Options {
  /** The one to edit; without it a new one is made. */
  configuration: AIConfiguration | undefined
  catalogue: Catalogue
  onSaved: (saved: AIConfiguration, isNew: boolean) => void
}

/** The form of a configuration, and what becomes of it when somebody else changes it meanwhile. */
export function useConfigurationForm({ configuration, catalogue, onSaved }: Options) {
  const [base, setBase] = useState(configuration)
  const [theirs, setTheirs] = useState<AIConfiguration>()
  const [opened, setOpened] = useState(Date.now)
  const providerOf = (values: FormValues) => catalogue.providers.find(({ id }) => id === values.provider)

  const save = async (values: FormValues, from: AIConfiguration | undefined) => {
    const body = toBody(values, providerOf(values))
    // A key that does not fit the new provider is removed, as the form announces.
    if (losesKey(values, base) && body.api_key === undefined) body.api_key = null
    try {
      onSaved(await send(body, from, takesPriceBack(values, from, opened)), from === undefined)
    } catch (error) {
      const changed = from && currentEtag(error) !== undefined ? await readAgain(from.name) : undefined
      if (changed === undefined) throw error
      setTheirs(changed)
    }
  }
  const form = useForm<FormValues>({
    values: () => (configuration ? toForm(configuration) : newForm(catalogue)),
    check: (values) => faultsOf(values, providerOf(values)),
    send: (values) => theirs === undefined && save(values, base),
  })
  return {
    ...form,
    provider: providerOf(form.values),
    base,
    /** When the form was filled in, in milliseconds. */
    opened,
    isKeyLost: losesKey(form.values, base),
    /** The configuration as somebody else left it meanwhile. */
    theirs,
    /** Saves what was changed here over the other change; the rest stays as they left it. */
    keepMine: () => {
      if (theirs === undefined || base === undefined) return
      const rebased = { ...base, etag: theirs.etag, name: theirs.name }
      setTheirs(undefined)
      setBase(rebased)
      void form.attempt((values) => save(values, rebased))
    },
    takeTheirs: () => {
      if (theirs === undefined) return
      form.set(toForm(theirs))
      setOpened(Date.now())
      setBase(theirs)
      setTheirs(undefined)
    },
  }
}

export type ConfigurationForm = ReturnType<typeof useConfigurationForm>

function send(
  body: ReturnType<typeof toBody>,
  from: AIConfiguration | undefined,
  isPriceBack: boolean,
): Promise<AIConfiguration> {
  if (from === undefined)
    return call('POST /api/ai/configurations', { body, idempotencyKey: crypto.randomUUID() })
  const { input_price_per_million, output_price_per_million } = { ...from, ...body }
  const prices = isPriceBack ? { input_price_per_million, output_price_per_million } : {}
  return call('PATCH /api/ai/configurations/{name}', {
    params: { name: from.name },
    ifMatch: from.etag,
    body: { ...prices, ...changesOf(body, from) },
  })
}

/** One that was renamed or deleted meanwhile is not found; the refusal itself says enough then. */
async function readAgain(name: string): Promise<AIConfiguration | undefined> {
  try {
    return await call('GET /api/ai/configurations/{name}', { params: { name } })
  } catch {
    return undefined
  }
}
