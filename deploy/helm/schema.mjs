// Makes conclave/values.schema.json from values.yaml: `node deploy/helm/schema.mjs`, with --check it only compares.
// Types and descriptions come from the file; what a default cannot tell (limits, choices, forms) stands in the table here.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chart, valuesKeys } from './values-keys.mjs';

const name = { type: 'string', pattern: '^$|^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$' };
const text = { type: 'string', minLength: 1 };
const secretKey = { type: 'string', pattern: '^[-._a-zA-Z0-9]{0,253}$' };
const port = { type: 'integer', minimum: 1, maximum: 65_535 };
const portOrOff = { type: 'integer', minimum: 0, maximum: 65_535 };
const count = { type: 'integer', minimum: 1, maximum: 1000 };
const seconds = { type: 'integer', minimum: 1, maximum: 86_400 };
const texts = { type: 'array', items: { type: 'string' } };
const objects = { type: 'array', items: { type: 'object' } };
const cidrs = { type: 'array', items: { type: 'string', pattern: '^[0-9a-fA-F.:]+/[0-9]{1,3}$' } };
const labels = { type: 'object', additionalProperties: { type: 'string', maxLength: 63 } };
const annotations = { type: 'object', additionalProperties: { type: 'string' } };
const quantities = { type: 'object', additionalProperties: { type: ['string', 'number'] } };
const level = { enum: ['', 'debug', 'info', 'warn', 'error'] };
const address = (schemes) => ({ type: 'string', pattern: `^$|^(${schemes})://[^/@\\s]+$` });
const versions = {
  type: 'array',
  minItems: 1,
  uniqueItems: true,
  items: { type: 'string', pattern: '^v[1-9][0-9]{0,5}$' },
};
const hostPort = '^$|^[^/@\\s]+:[0-9]{1,5}$';
const timing = {
  type: 'object',
  additionalProperties: false,
  properties: {
    initialDelaySeconds: { type: 'integer', minimum: 0 },
    periodSeconds: seconds,
    timeoutSeconds: seconds,
    failureThreshold: count,
    successThreshold: count,
  },
};

/** Rules by name; the first that fits decides. */
const rules = [
  [/^global$/, { type: 'object', additionalProperties: true }],
  [/(^|\.)existingSecretKeys\.[^.]+$/, secretKey],
  [/(^|\.)(existingSecret|existingConfigMap|secretName)$/, name],
  [/^publicUrl$/, { type: 'string', pattern: '^$|^https?://[^/@\\s]+$' }],
  [/^listenAddress$/, { enum: ['0.0.0.0', '::'] }],
  [/^(fullnameOverride|nameOverride)$/, { type: 'string', pattern: '^$|^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$' }],
  [/pullPolicy$/, { enum: ['IfNotPresent', 'Always', 'Never'] }],
  [/image\.repository$/, { type: 'string', pattern: '^[a-z0-9]+([._/-]+[a-z0-9]+)*$' }],
  [/image\.tag$/, { type: 'string', pattern: '^$|^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$' }],
  [/image\.digest$/, { type: 'string', pattern: '^$|^sha256:[0-9a-f]{64}$' }],
  [/[lL]ogLevel$|^logging\.level$/, level],
  [/^auth\.session\w+Seconds$/, { type: 'integer', minimum: 60, maximum: 31_536_000 }],
  [/^mail\.smtpUrl$/, address('smtp|smtps')],
  [/^mail\.tls$/, { enum: ['required', 'off'] }],
  [/^mail\.from$/, { type: 'string', pattern: '^$|^[^@\\s<>]+@[^@\\s<>]+$' }],
  [/^files\.sealingSuite$/, { enum: ['01', '02'] }],
  [/^files\.sealingEngine$/, { enum: ['auto', 'native', 'portable'] }],
  [/^files\.sealedManifest$/, { enum: ['1', '2'] }],
  [/^files\.sealingWorkers$/, { type: 'integer', minimum: 0, maximum: 256 }],
  [/^files\.maxFileBytes$/, { type: 'integer', minimum: 1, maximum: 64 * 1024 ** 3 }],
  [/^files\.(room|person)QuotaBytes$/, { type: 'integer', minimum: 1, maximum: 1024 ** 4 }],
  [/^gateway\.rateLimitScale$/, { type: 'number', minimum: 0.01, maximum: 100_000 }],
  [
    /^gateway\.trustedProxies$/,
    { type: 'array', items: { type: 'string', pattern: '^[0-9a-fA-F.:]+(/[0-9]{1,3})?$' } },
  ],
  [/^livekit\.drain\.seconds$/, { type: 'integer', minimum: 30, maximum: 86_400 }],
  [
    /^livekit\.probes\.liveness$/,
    { ...timing, properties: { ...timing.properties, failureThreshold: { type: 'integer', minimum: 6 } } },
  ],
  [/\.probes\.[a-z]+$/, timing],
  [
    /resources$/,
    {
      type: 'object',
      additionalProperties: false,
      properties: { requests: quantities, limits: quantities, claims: objects },
    },
  ],
  [/autoscaling\.targetCPUUtilization$/, { type: 'integer', minimum: 0, maximum: 400 }],
  [/(replicas|autoscaling\.(min|max|participantsPerPod))$/, count],
  [/autoscaling\.buffer$/, { type: 'integer', minimum: 0 }],
  [/preStopSeconds$/, { type: 'integer', minimum: 0, maximum: 600 }],
  [/([sS]econds|cooldownPeriod|pollingInterval)$/, seconds],
  [/pdb\.maxUnavailable$/, { type: ['integer', 'string'], minimum: 1, pattern: '^[1-9][0-9]?%$' }],
  [/(podLabels|nodeSelector|\.labels)$/, labels],
  [/([aA]nnotations)$/, annotations],
  [/(affinity|behavior|strategy)$/, { type: 'object' }],
  [/^livekit\.config$/, { type: 'object' }],
  [/^extraObjects$/, { type: 'array', items: { type: ['object', 'string'] } }],
  [
    /(topologySpreadConstraints|tolerations|extraEnvFrom|extraVolumes|extraVolumeMounts|autoscaling\.metrics|keda\.triggers|parentRefs|extraEgress)$/,
    objects,
  ],
  [
    /extraEnv$/,
    {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: {
          name: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
          value: { type: 'string' },
          valueFrom: { type: 'object' },
        },
      },
    },
  ],
  [/^(auth|rooms|files|gateway)\.service\.type$/, { enum: ['ClusterIP', 'NodePort', 'LoadBalancer'] }],
  [/image\.pullSecrets$/, { type: 'array', items: { type: ['string', 'object'] } }],
  [/^externalSecrets\.storeRef\.kind$/, { enum: ['SecretStore', 'ClusterSecretStore'] }],
  [/^externalSecrets\.refreshInterval$|\.interval$/, { type: 'string', pattern: '^([0-9]+(ms|s|m|h))+$' }],
  [/^encryption\.[a-z]+\.keys$/, versions],
  [/^encryption\.[a-z]+\.active$/, versions.items],
  [/^database\.sslMode$/, { enum: ['verify-full', 'disable'] }],
  [/^database\.(names|users)$/, null],
  [/^database\.host$/, { type: 'string', pattern: '^$|^[^/@:\\s]+$' }],
  [/(^database\.port|kubernetesApi\.port|tlsPort)$/, port],
  [/tcpPort$|turn\.udpPort$/, portOrOff],
  [/runAsUser$/, { type: 'integer', minimum: 1 }],
  [/persistence\.size$|scratchSize$/, { type: 'string', pattern: '^[0-9]+(Mi|Gi|Ti)$' }],
  [/^migrations\.mode$/, { enum: ['hook', 'job', 'external'] }],
  [/^preflight\.mode$/, { enum: ['auto', 'hook', 'job', 'none'] }],
  [/^nats\.url$/, address('nats|tls')],
  [
    /^objectStorage\.endpoint$|^backup\.destination\.endpoint$|^livekit\.url$|^tracing\.otlpEndpoint$|prometheusAddress$/,
    { type: 'string', pattern: '^$|^https?://[^@\\s]+$' },
  ],
  [/\.bucket$/, { type: 'string', pattern: '^$|^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$' }],
  [/\.region$/, text],
  [/^redis\.address$/, { type: 'string', pattern: hostPort }],
  [/^redis\.(sentinel\.addresses|cluster)$/, { type: 'array', items: { type: 'string', pattern: hostPort } }],
  [/^redis\.db$/, { type: 'integer', minimum: 0, maximum: 1024 }],
  [/^objectStorage\.addressing$/, { enum: ['path', 'virtual'] }],
  [/^livekit\.mode$/, { enum: ['hostNetwork', 'hostPort', 'nodePort', 'loadBalancer', 'external'] }],
  [
    /^livekit\.rtc\.udpPort$/,
    { type: ['string', 'integer'], pattern: '^$|^[0-9]{1,5}(-[0-9]{1,5})?$', minimum: 1, maximum: 65_535 },
  ],
  [
    /^livekit\.rtc\.portRange$/,
    {
      type: 'object',
      additionalProperties: false,
      required: ['start', 'end'],
      properties: { start: portOrOff, end: portOrOff },
    },
  ],
  [/^livekit\.rtc\.nodeIPSource$/, { enum: ['node', 'external', 'fixed'] }],
  [/^livekit\.rtc\.nodeIP$/, { type: 'string', pattern: '^$|^[0-9a-fA-F.:]+$' }],
  [/stunServers$/, { type: 'array', items: { type: 'string', pattern: '^[^/@\\s]+:[0-9]{1,5}$' } }],
  [/loadBalancerSourceRanges$|nodeCIDRs$|peerCIDRs$|kubernetesApi\.cidrs$/, cidrs],
  [/kubernetesApi\.ports$|dnsPorts$/, { type: 'array', minItems: 1, items: port }],
  [/(ingressFrom|monitoringFrom|networkPolicy\.egress\.[a-zA-Z0-9]+)$/, objects],
  [/^gatewayApi\.timeout$/, { type: 'string', pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' }],
  [
    /^gatewayApi\.tlsRoute\.apiVersion$/,
    { type: 'string', pattern: '^gateway\\.networking\\.k8s\\.io/v1(alpha[23])?$' },
  ],
  [/renderMode$/, { enum: ['fail', 'skip', 'always'] }],
  [/^tracing\.samplerRatio$/, { type: 'number', minimum: 0, maximum: 1 }],
  [/^(backup\.(restoreTest\.)?|auditCheck\.)schedule$/, { type: 'string', pattern: '^(\\S+ ){4}\\S+$' }],
  [/recipients$/, { type: 'array', items: { type: 'string', pattern: '^age1[a-z0-9]+$' } }],
  [/prefix$/, { type: 'string', pattern: '^$|/$' }],
  [/^backup\.restoreTest\.maxAgeHours$/, { type: 'integer', minimum: 1, maximum: 87_600 }],
  [
    /^auditCheck\.checkpoints$/,
    { type: 'array', items: { type: 'string', pattern: '^(auth|rooms|files):[1-9][0-9]*:[0-9a-f]{64}$' } },
  ],
  [/^backup\.keep$/, { type: 'integer', minimum: 1, maximum: 3650 }],
  [/^ingress\.hosts$|^gatewayApi\.hostnames$|exclude$/, texts],
];

function byDefault(value) {
  if (Array.isArray(value)) return texts;
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (typeof value === 'string') return { type: 'string' };
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, typeof each === 'string' ? text : byDefault(each)]),
    ),
  };
}

const enumType = (rule) => (rule.enum && !rule.type ? { type: typeof rule.enum[0], ...rule } : rule);

/** The schema, as an object. */
export function valuesSchema(keys = valuesKeys()) {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the Conclave chart',
    type: 'object',
    additionalProperties: false,
    properties: {},
  };
  for (const { path, name: full, value, words, group } of keys) {
    const rule = rules.find(([pattern]) => pattern.test(full))?.[1];
    const form = rule ? enumType(rule) : group ? { type: 'object', additionalProperties: false } : byDefault(value);
    let parent = schema;
    for (const part of path.slice(0, -1)) parent = parent.properties[part];
    parent.properties ??= {};
    parent.properties[path.at(-1)] = { ...(words ? { description: words } : {}), ...form };
    if (group) parent.properties[path.at(-1)].properties ??= {};
  }
  // A chart of charts tells every chart whether it is enabled.
  schema.properties.enabled = {
    type: 'boolean',
    description: 'Whether a chart of charts wants this one; not read here.',
  };
  return schema;
}

const file = join(chart, 'values.schema.json');
const made = `${JSON.stringify(valuesSchema(), null, 2)}\n`;
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== made) {
    console.error('values.schema.json does not follow values.yaml: node deploy/helm/schema.mjs');
    process.exit(1);
  }
} else {
  writeFileSync(file, made);
}
