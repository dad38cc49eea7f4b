{{/*
A server of the release's own, for evaluation: one pod, restricted like ours.
(dict "root" $ "name" "nats" "values" .Values.nats.bundled "user" 10001 "args" list "command" list "env" yaml "probe" yaml
"liveness" yaml "mounts" yaml "volumes" yaml "claim" persistence-or-nil "config" text-for-the-checksum).
*/}}
{{- define "conclave.bundled" -}}
{{- $root := .root -}}
{{- $id := list $root .name -}}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  {{- include "conclave.metadata" (list $root .name .name $root.Values.workloadAnnotations) | nindent 2 }}
spec:
  replicas: 1
  revisionHistoryLimit: 3
  serviceName: {{ include "conclave.name" (list $root (.governing | default .name)) }}
  podManagementPolicy: Parallel
  selector:
    matchLabels:
      {{- include "conclave.selectorLabels" $id | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "conclave.podLabels" $id | trim | nindent 8 }}
      {{- with .config }}
      annotations:
        checksum/config: {{ . | sha256sum | quote }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "conclave.name" $id }}
      {{- include "conclave.podSecurity" (dict "user" .user) | nindent 6 }}
      {{- with include "conclave.pullSecrets" $root }}
      {{- . | nindent 6 }}
      {{- end }}
      terminationGracePeriodSeconds: 30
      containers:
        - name: {{ .name }}
          image: {{ include "conclave.image" $id | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          {{- with .command }}
          command: {{ . | toJson }}
          {{- end }}
          {{- with .args }}
          args: {{ . | toJson }}
          {{- end }}
          {{- include "conclave.containerSecurity" . | nindent 10 }}
          {{- with .env }}
          env:
            {{- . | trim | nindent 12 }}
          {{- end }}
          ports:
            {{- include "conclave.containerPorts" $id | trim | nindent 12 }}
          startupProbe:
            {{- .start | default .liveness | trim | nindent 12 }}
            periodSeconds: 1
            timeoutSeconds: 5
            failureThreshold: 120
          readinessProbe:
            {{- .probe | trim | nindent 12 }}
            periodSeconds: {{ .probePeriod | default 3 }}
            timeoutSeconds: 5
          livenessProbe:
            {{- .liveness | trim | nindent 12 }}
            periodSeconds: 15
            timeoutSeconds: 10
            failureThreshold: 6
          resources:
            {{- toYaml .values.resources | nindent 12 }}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            {{- with .mounts }}
            {{- . | trim | nindent 12 }}
            {{- end }}
      volumes:
        - name: tmp
          emptyDir: { sizeLimit: 64Mi }
        {{- with .volumes }}
        {{- . | trim | nindent 8 }}
        {{- end }}
        {{- if and .claim (not .claim.enabled) }}
        - name: data
          emptyDir: {}
        {{- end }}
  {{- if and .claim .claim.enabled }}
  volumeClaimTemplates:
    - metadata:
        name: data
        labels:
          {{- include "conclave.selectorLabels" $id | nindent 10 }}
      spec:
        accessModes: [ReadWriteOnce]
        {{- with .claim.storageClass }}
        storageClassName: {{ . | quote }}
        {{- end }}
        resources:
          requests:
            storage: {{ .claim.size }}
  {{- end }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "conclave.metadata" (list $root .name .name) | nindent 2 }}
automountServiceAccountToken: false
---
apiVersion: v1
kind: Service
metadata:
  {{- include "conclave.metadata" (list $root .name .name) | nindent 2 }}
spec:
  type: ClusterIP
  selector:
    {{- include "conclave.selectorLabels" $id | nindent 4 }}
  ports:
    {{- include "conclave.servicePorts" $id | trim | nindent 4 }}
{{- end -}}
