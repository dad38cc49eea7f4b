{{/*
Ports: files/ports.yaml is the one table. LiveKit's ports for media depend on how it is reached and are added here.
*/}}

{{- define "conclave.ports" -}}
{{- .Files.Get "files/ports.yaml" -}}
{{- end -}}

{{/* Its listeners alone, which are asked for often. */}}
{{- define "conclave.listeners" -}}
{{- .Files.Get "files/ports.yaml" | splitList "\nflows:" | first -}}
{{- end -}}

{{/* Number of a named port: (list $ "rooms" "internal"). */}}
{{- define "conclave.port" -}}
{{- $table := include "conclave.listeners" (index . 0) | fromYaml -}}
{{- $listener := index $table.listeners (index . 1) (index . 2) | required (printf "files/ports.yaml names no port %q of %q" (index . 2) (index . 1)) -}}
{{- $listener.port | int -}}
{{- end -}}

{{/* Ports of a component's container: (list $ "rooms"). */}}
{{- define "conclave.containerPorts" -}}
{{- $table := include "conclave.listeners" (index . 0) | fromYaml -}}
{{- range $name, $port := index $table.listeners (index . 1) }}
- name: {{ $name }}
  containerPort: {{ $port.port | int }}
  protocol: TCP
{{- end }}
{{- end -}}

{{/* Ports of its Service; each goes to the container's port of that name. */}}
{{- define "conclave.servicePorts" -}}
{{- $table := include "conclave.listeners" (index . 0) | fromYaml -}}
{{- range $name, $port := index $table.listeners (index . 1) }}
- name: {{ $name }}
  port: {{ $port.port | int }}
  targetPort: {{ $name }}
  protocol: TCP
  {{- if has $name (list "http" "data" "internal" "webhook" "metrics") }}
  appProtocol: {{ ternary "https" "http" (and (eq (index $ 1) "gateway") (eq $name "http") (ne (index $ 0).Values.gateway.tls.existingSecret "")) }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* LiveKit's ports for media as YAML: a list of {name, port, protocol}, the same inside the pod and outside, since they are advertised as they are. */}}
{{- define "conclave.mediaPorts" -}}
{{- $rtc := .Values.livekit.rtc -}}
ports:
{{- if not (include "conclave.mediaRange" .) }}
{{- range $index, $port := include "conclave.udpPorts" . | fromJsonArray }}
  - { name: {{ ternary "rtc-udp" (printf "rtc-udp-%d" $index) (eq $index 0) }}, port: {{ $port | int }}, protocol: UDP }
{{- end }}
{{- end }}
{{- with $rtc.tcpPort }}
  - { name: rtc-tcp, port: {{ . | int }}, protocol: TCP }
{{- end }}
{{- with .Values.livekit.turn }}
{{- if .enabled }}
{{- with .udpPort }}
  - { name: turn-udp, port: {{ . | int }}, protocol: UDP }
{{- end }}
{{- if or .tls.existingSecret .tls.issuer .tls.externalTermination }}
  - { name: turn-tls, port: {{ .tlsPort | int }}, protocol: TCP }
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* "start-end" where media uses one port a participant; only hostNetwork can open so many. */}}
{{- define "conclave.mediaRange" -}}
{{- with .Values.livekit.rtc.portRange -}}
{{- if and .start .end -}}{{ printf "%d-%d" (int .start) (int .end) }}{{- end -}}
{{- end -}}
{{- end -}}

{{/* The UDP ports of the multiplexer: one number, or a range such as 7882-7885. */}}
{{- define "conclave.udpPorts" -}}
{{- $ports := list -}}
{{- $given := .Values.livekit.rtc.udpPort | toString -}}
{{- if contains "-" $given -}}
{{- $ends := splitList "-" $given -}}
{{- $ports = untilStep (atoi (index $ends 0)) (add1 (atoi (index $ends 1)) | int) 1 -}}
{{- else if $given -}}
{{- $ports = list (atoi $given) -}}
{{- end -}}
{{- $ports | toJson -}}
{{- end -}}
