/**
 * What the official conformance suite expects of a server, as prompts: those of its names, made through
 * the public API like anybody's. Prompts published as tools stand for the tools it calls.
 */

// A red picture of one pixel, and a tenth of a second of silence.
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC'
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA='

const image = { type: 'image', data: PNG, mimeType: 'image/png' }
const audio = { type: 'audio', data: WAV, mimeType: 'audio/wav' }
const text = (content: string) => ({ type: 'text', text: content })
const embedded = (uri: string, content: string) => ({
  type: 'resource',
  resource: { uri, mimeType: 'text/plain', text: content },
})
const user = (...content: object[]) => [{ role: 'user', content }]
const asTool = { prompt: false, tool: true }

export const FIXTURES = [
  {
    name: 'test_simple_prompt',
    description: 'A prompt without arguments',
    template_content: 'This is a simple prompt for testing.',
  },
  {
    name: 'test_prompt_with_arguments',
    description: 'A prompt with two arguments',
    template_content: "Prompt with arguments: arg1='{{ arg1 }}', arg2='{{ arg2 }}'",
    variables: [
      { name: 'arg1', description: 'First test argument' },
      { name: 'arg2', description: 'Second test argument' },
    ],
  },
  {
    name: 'test_prompt_with_embedded_resource',
    description: 'A prompt with an embedded resource',
    messages: user(
      embedded('{{ resourceUri }}', 'Embedded resource content for testing.'),
      text('Please process the embedded resource above.'),
    ),
    variables: [{ name: 'resourceUri', description: 'URI of the resource to embed' }],
  },
  {
    name: 'test_prompt_with_image',
    description: 'A prompt with an image',
    messages: user(image, text('Please analyze the image above.')),
  },
  {
    name: 'test_simple_text',
    description: 'A tool that answers text',
    template_content: 'This is a simple text response for testing.',
    publish: asTool,
  },
  {
    name: 'test_image_content',
    description: 'A tool that answers an image',
    messages: user(image),
    publish: asTool,
  },
  {
    name: 'test_audio_content',
    description: 'A tool that answers sound',
    messages: user(audio),
    publish: asTool,
  },
  {
    name: 'test_embedded_resource',
    description: 'A tool that answers an embedded resource',
    messages: user(embedded('test://embedded-resource', 'This is an embedded resource content.')),
    publish: asTool,
  },
  {
    name: 'test_multiple_content_types',
    description: 'A tool that answers several kinds of content',
    messages: user(
      text('Multiple content types test:'),
      image,
      embedded('test://mixed-content-resource', '{"test":"data","value":123}'),
    ),
    publish: asTool,
  },
  {
    name: 'test_error_handling',
    description: 'A tool that needs a value which the suite does not give',
    template_content: '{{ value }}',
    publish: asTool,
  },
]
