{{/*
The shape of a service: auth, rooms, files and gateway differ in their values and in their environment, in nothing else.
*/}}

{{- define "conclave.component" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
{{- $own := index $root.Values $service -}}
{{- if $own.enabled }}
---
{{ include "conclave.component.deployment" . }}
---
{{ include "conclave.component.service" . }}
{{- if $own.serviceAccount.create }}
---
{{ include "conclave.component.serviceAccount" . }}
{{- end }}
{{- if and $own.pdb.enabled (gt (include "conclave.leastReplicas" $own | int) 1) }}
---
{{ include "conclave.component.pdb" . }}
{{- end }}
{{- if and $own.autoscaling.enabled (not $own.autoscaling.keda.enabled) }}
---
{{ include "conclave.component.hpa" . }}
{{- end }}
{{- if and $own.autoscaling.enabled $own.autoscaling.keda.enabled }}
---
{{ include "conclave.component.scaledObject" . }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The fewest pods that there may be. */}}
{{- define "conclave.leastReplicas" -}}
{{- ternary .autoscaling.min .replicas .autoscaling.enabled -}}
{{- end -}}

{{- define "conclave.serviceAccountName" -}}
{{- $own := index (index . 0).Values (index . 1) -}}
{{- if $own.serviceAccount.create -}}
{{- $own.serviceAccount.name | default (include "conclave.name" .) -}}
{{- else -}}
{{- $own.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "conclave.component.deployment" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
{{- $own := index $root.Values $service -}}
{{- $credentials := include "conclave.serviceCredentials" (list $root $service "all") -}}
{{- $env := include "conclave.serviceEnv" . -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "conclave.metadata" (list $root $service $service $root.Values.workloadAnnotations) | nindent 2 }}
spec:
  {{- if not $own.autoscaling.enabled }}
  replicas: {{ $own.replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  selector:
    matchLabels:
      {{- include "conclave.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "conclave.podLabels" . | trim | nindent 8 }}
        {{- range $key, $value := $own.podLabels }}
        {{ $key }}: {{ $value | quote }}
        {{- end }}
      annotations:
        # Whatever the environment of the process says, a change of it is a new rollout.
        checksum/config: {{ printf "%s%s" $env $credentials | sha256sum | quote }}
        {{- with $own.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "conclave.serviceAccountName" . | quote }}
      {{- include "conclave.podSecurity" dict | nindent 6 }}
      {{- with include "conclave.pullSecrets" $root }}
      {{- . | nindent 6 }}
      {{- end }}
      terminationGracePeriodSeconds: {{ $own.terminationGracePeriodSeconds }}
      {{- include "conclave.spread" (list $root $service $own.topologySpreadConstraints) | nindent 6 }}
      {{- with include "conclave.placement" (list $root $own) | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- if and (ne $service "gateway") (ne $root.Values.migrations.mode "hook") }}
      initContainers:
        {{- include "conclave.programContainer" (dict "root" $root "name" "wait-for-schema" "image" $service
              "args" (list "dist/migrate.js" "--wait") "env" (include "conclave.migrateEnv" .)
              "credentials" $credentials "kek" "" "resources" $root.Values.migrations.resources) | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ $service }}
          image: {{ include "conclave.image" . | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          {{- include "conclave.containerSecurity" . | nindent 10 }}
          env:
            {{- $env | trim | nindent 12 }}
            {{- with $own.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          {{- with $own.extraEnvFrom }}
          envFrom:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          ports:
            {{- include "conclave.containerPorts" . | trim | nindent 12 }}
          startupProbe:
            httpGet: { path: /livez, port: internal }
            {{- toYaml $own.probes.startup | nindent 12 }}
          # Ready: bus, database and keys answer, and the process is not on its way out.
          readinessProbe:
            httpGet: { path: /readyz, port: internal }
            {{- toYaml $own.probes.readiness | nindent 12 }}
          # Alive: the event loop turns. Never a dependency, or an outage of one would restart everything.
          livenessProbe:
            httpGet: { path: /livez, port: internal }
            {{- toYaml $own.probes.liveness | nindent 12 }}
          lifecycle:
            # Time for everybody to hear that this pod takes nothing new; the process drains after it.
            preStop:
              sleep:
                seconds: {{ $own.preStopSeconds }}
          resources:
            {{- toYaml $own.resources | nindent 12 }}
          volumeMounts:
            {{- include "conclave.programMounts" (list $root $credentials (include "conclave.extraFiles" (list $root $service))) | nindent 12 }}
            {{- with $own.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        {{- include "conclave.programVolumes" (list $root $credentials (include "conclave.extraFiles" (list $root $service))) | nindent 8 }}
        {{- with $own.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
{{- end -}}

{{- define "conclave.component.service" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
{{- $own := index $root.Values $service -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "conclave.metadata" (list $root $service $service $own.service.annotations) | nindent 2 }}
spec:
  type: {{ $own.service.type }}
  selector:
    {{- include "conclave.selectorLabels" . | nindent 4 }}
  ports:
    {{- include "conclave.servicePorts" . | trim | nindent 4 }}
{{- end -}}

{{- define "conclave.component.serviceAccount" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
{{- $own := index $root.Values $service -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "conclave.serviceAccountName" . | quote }}
  namespace: {{ include "conclave.namespace" . }}
  labels:
    {{- include "conclave.labels" . | nindent 4 }}
  {{- with $own.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end -}}

{{- define "conclave.component.pdb" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
{{- $own := index $root.Values $service -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "conclave.metadata" (list $root $service $service) | nindent 2 }}
spec:
  maxUnavailable: {{ $own.pdb.maxUnavailable }}
  # A pod that is not ready serves nobody: it must not block a drain.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "conclave.selectorLabels" . | nindent 6 }}
{{- end -}}

{{- define "conclave.component.hpa" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
{{- $scale := (index $root.Values $service).autoscaling -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "conclave.metadata" (list $root $service $service) | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "conclave.name" . }}
  minReplicas: {{ $scale.min }}
  maxReplicas: {{ $scale.max }}
  metrics:
    {{- with $scale.targetCPUUtilization }}
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ . }}
    {{- end }}
    {{- with $scale.metrics }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $scale.behavior }}
  behavior:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "conclave.component.scaledObject" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
{{- $scale := (index $root.Values $service).autoscaling -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  {{- include "conclave.metadata" (list $root $service $service) | nindent 2 }}
spec:
  scaleTargetRef:
    name: {{ include "conclave.name" . }}
  minReplicaCount: {{ $scale.min }}
  maxReplicaCount: {{ $scale.max }}
  pollingInterval: {{ $scale.keda.pollingInterval }}
  cooldownPeriod: {{ $scale.keda.cooldownPeriod }}
  {{- with $scale.behavior }}
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        {{- toYaml . | nindent 8 }}
  {{- end }}
  triggers:
    {{- with $scale.targetCPUUtilization }}
    - type: cpu
      metricType: Utilization
      metadata:
        value: {{ . | quote }}
    {{- end }}
    {{- with $scale.keda.triggers }}
    {{- tpl (toYaml .) $root | nindent 4 }}
    {{- end }}
{{- end -}}

{{/* What migrate.js reads, and nothing else: (list $ "rooms"). */}}
{{- define "conclave.migrateEnv" -}}
{{- $root := index . 0 -}}
{{ include "conclave.commonEnv" (list $root) }}
{{ include "conclave.databaseEnv" . }}
{{ include "conclave.credentialEnv" (list $root (include "conclave.serviceCredentials" (list $root (index . 1) "migrate"))) | trim }}
{{- end -}}
