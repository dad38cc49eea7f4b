{{/*
Who a word of the port table is. Answers {there, peers, ports}: `there` says whether anybody of that name exists at all,
no peers means anybody, ports are {port, protocol}.
(dict "root" $ "table" table "name" "postgres" "port" "postgres" "side" "to").
*/}}
{{- define "conclave.peer" -}}
{{- $root := .root -}}
{{- $v := $root.Values -}}
{{- $name := .name -}}
{{- $policy := $v.networkPolicy -}}
{{- $table := .table -}}
{{- $there := true -}}
{{- $peers := list -}}
{{- $ports := list -}}
{{- if .port -}}
{{- $ports = list (dict "port" (int (index $table.listeners (.owner | default $name) .port).port) "protocol" "TCP") -}}
{{- end -}}
{{- $pods := list (dict "podSelector" (dict "matchLabels" (include "conclave.selectorLabels" (list $root $name) | fromYaml))) -}}
{{- if eq $name "ingress" -}}
{{- $peers = $policy.ingressFrom -}}
{{- else if eq $name "monitoring" -}}
{{- $peers = $policy.monitoringFrom -}}
{{- $there = ne (len $peers) 0 -}}
{{- else if eq $name "media" -}}
{{- $there = ne $v.livekit.mode "external" -}}
{{- else if eq $name "kubernetes" -}}
{{- range $policy.kubernetesApi.cidrs }}{{ $peers = append $peers (dict "ipBlock" (dict "cidr" .)) }}{{ end -}}
{{- $ports = list }}{{ range $policy.kubernetesApi.ports }}{{ $ports = append $ports (dict "port" (int .) "protocol" "TCP") }}{{ end -}}
{{- else if eq $name "otlp" -}}
{{- $there = ne $v.tracing.otlpEndpoint "" -}}
{{- $peers = $policy.egress.otlp -}}
{{- $ports = include "conclave.portsOfUrls" (list $v.tracing.otlpEndpoint) | fromJsonArray -}}
{{- else if eq $name "copies" -}}
{{- $there = $v.backup.enabled -}}
{{- $peers = $policy.egress.copies -}}
{{- $ports = include "conclave.portsOfUrls" (list $v.backup.destination.endpoint) | fromJsonArray -}}
{{- else if eq $name "livekit" -}}
{{- if eq $v.livekit.mode "external" -}}
{{- $there = eq .side "to" -}}
{{- $peers = $policy.egress.livekit -}}
{{- $ports = include "conclave.portsOfUrls" (list $v.livekit.url) | fromJsonArray -}}
{{- else if eq $v.livekit.mode "hostNetwork" -}}
{{- range $policy.nodeCIDRs }}{{ $peers = append $peers (dict "ipBlock" (dict "cidr" .)) }}{{ end -}}
{{- else -}}
{{- $peers = $pods -}}
{{- if $v.livekit.namespaceOverride -}}
{{- $peers = list (merge (dict "namespaceSelector" (dict "matchLabels" (dict "kubernetes.io/metadata.name" $v.livekit.namespaceOverride))) (index $pods 0)) -}}
{{- end -}}
{{- end -}}
{{- else if and (eq $name "postgres") (not $v.database.bundled.enabled) -}}
{{- $peers = $policy.egress.database -}}
{{- $ports = list (dict "port" (int $v.database.port) "protocol" "TCP") -}}
{{- else if and (eq $name "nats") (not $v.nats.bundled.enabled) -}}
{{- $peers = $policy.egress.nats -}}
{{- $ports = include "conclave.portsOfUrls" (list $v.nats.url) | fromJsonArray -}}
{{- else if and (eq $name "minio") (not $v.objectStorage.bundled.enabled) -}}
{{- $peers = $policy.egress.objectStorage -}}
{{- $ports = include "conclave.portsOfUrls" (list $v.objectStorage.endpoint) | fromJsonArray -}}
{{- else if and (eq $name "redis") (not $v.redis.bundled.enabled) -}}
{{- $there = ne (include "conclave.redisOf" $root) "" -}}
{{- $peers = $policy.egress.redis -}}
{{- $addresses := compact (concat (list $v.redis.address) $v.redis.sentinel.addresses $v.redis.cluster) -}}
{{- $ports = include "conclave.portsOfUrls" $addresses | fromJsonArray -}}
{{- if $v.redis.sentinel.masterName }}{{ $ports = append $ports (dict "port" 6379 "protocol" "TCP") | uniq }}{{ end -}}
{{- else -}}
{{- $peers = $pods -}}
{{- if has $name (list "auth" "rooms" "files" "gateway") }}{{ $there = (index $v $name).enabled }}{{ end -}}
{{- end -}}
{{- if and (eq (.at | default "") "livekit") $v.livekit.namespaceOverride -}}
{{- $far := list -}}
{{- range $peers -}}
{{- if and .podSelector (not .namespaceSelector) -}}
{{- $far = append $far (merge (dict "namespaceSelector" (dict "matchLabels" (dict "kubernetes.io/metadata.name" $root.Release.Namespace))) .) -}}
{{- else -}}
{{- $far = append $far . -}}
{{- end -}}
{{- end -}}
{{- $peers = $far -}}
{{- end -}}
{{- dict "there" $there "peers" $peers "ports" $ports | toJson -}}
{{- end -}}

{{/* Ports of addresses: what stands there, else what their scheme means. */}}
{{- define "conclave.portsOfUrls" -}}
{{- $ports := list -}}
{{- range . -}}
{{- if . -}}
{{- $port := regexFind ":[0-9]+(/|$)" . | trimPrefix ":" | trimSuffix "/" -}}
{{- if not $port -}}
{{- $port = "6379" -}}
{{- if hasPrefix "https:" . }}{{ $port = "443" }}{{ else if hasPrefix "http:" . }}{{ $port = "80" }}{{ else if or (hasPrefix "nats:" .) (hasPrefix "tls:" .) }}{{ $port = "4222" }}{{ end -}}
{{- end -}}
{{- $ports = append $ports (dict "port" (atoi $port) "protocol" "TCP") -}}
{{- end -}}
{{- end -}}
{{- uniq $ports | toJson -}}
{{- end -}}

{{/* Ports on which media comes to LiveKit. */}}
{{- define "conclave.mediaPolicyPorts" -}}
{{- $ports := list -}}
{{- range (include "conclave.mediaPorts" . | fromYaml).ports }}{{ $ports = append $ports (dict "port" (int .port) "protocol" .protocol) }}{{ end -}}
{{- $ports | toJson -}}
{{- end -}}

{{/* Which components this release has pods of, as {name: how}, how being "release", "hook" or "both". */}}
{{- define "conclave.policyOwners" -}}
{{- $v := .Values -}}
{{- $root := . -}}
{{- $owners := dict -}}
{{- range list "auth" "rooms" "files" "gateway" -}}
{{- if (index $v .).enabled -}}
{{- $_ := set $owners . "release" -}}
{{- $mode := include "conclave.preflightMode" (list $root .) -}}
{{- $how := ternary "hook" "release" (eq $mode "hook") -}}
{{- $before := index $owners "preflight" | default $how -}}
{{- if ne $mode "none" }}{{ $_ := set $owners "preflight" (ternary $how "both" (eq $before $how)) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if not (has $v.livekit.mode (list "external" "hostNetwork")) }}{{ $_ := set $owners "livekit" "release" }}{{ end -}}
{{- if $v.database.bundled.enabled }}{{ $_ := set $owners "postgres" "release" }}{{ $_ := set $owners "provision-databases" "release" }}{{ end -}}
{{- if $v.nats.bundled.enabled }}{{ $_ := set $owners "nats" "release" }}{{ end -}}
{{- if $v.objectStorage.bundled.enabled }}{{ $_ := set $owners "minio" "release" }}{{ $_ := set $owners "provision-storage" "release" }}{{ end -}}
{{- if $v.redis.bundled.enabled }}{{ $_ := set $owners "redis" "release" }}{{ end -}}
{{- if ne $v.migrations.mode "external" }}{{ $_ := set $owners "migrate" (ternary "hook" "release" (eq $v.migrations.mode "hook")) }}{{ end -}}
{{- if $v.secretsInit.enabled }}{{ $_ := set $owners "secrets-init" "hook" }}{{ end -}}
{{- if $v.backup.enabled }}{{ $_ := set $owners "backup" "release" }}{{ end -}}
{{- if and $v.backup.enabled $v.backup.restoreTest.enabled }}{{ $_ := set $owners "restore-test" "release" }}{{ end -}}
{{- if $v.auditCheck.enabled }}{{ $_ := set $owners "audit-check" "release" }}{{ end -}}
{{- if $v.tests.enabled -}}
{{- $_ := set $owners "test" "release" -}}
{{- $_ := set $owners "preflight" (ternary "both" "release" (has (index $owners "preflight" | default "release") (list "hook" "both"))) -}}
{{- end -}}
{{- $owners | toJson -}}
{{- end -}}
