"""Seeded texts of configuration, each with questions and the strings that answer them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple


class Needle(NamedTuple):
    """A question, and the strings that must stand in what is left."""

    question: str
    must: tuple[str, ...]


class Made(NamedTuple):
    """A text, its kind, and what a reader must still find in it."""

    text: str
    kind: str
    needles: tuple[Needle, ...]


_NAMES = (
    "cart search mail stock orders billing gateway profile ledger quotes shipping reviews wishlist "
    "coupons media alerts reports sessions catalog invoices"
).split()
_REASONS = ("CrashLoopBackOff", "ImagePullBackOff", "OOMKilled", "CreateContainerConfigError")


def _hex(rng: random.Random, digits: int) -> str:
    return "".join(rng.choices("0123456789abcdef", k=digits))


def _pod(rng: random.Random, name: str, image: str, reason: str) -> str:
    state = f"""        waiting:
          message: back-off 5m0s restarting failed container={name}
          reason: {reason}"""
    if not reason:
        state = f"""        running:
          startedAt: "2026-03-0{rng.randint(1, 9)}T10:{rng.randint(10, 59)}:00Z\""""
    ready = "false" if reason else "true"
    return f"""- apiVersion: v1
  kind: Pod
  metadata:
    creationTimestamp: "2026-03-01T0{rng.randint(0, 9)}:{rng.randint(10, 59)}:00Z"
    labels:
      app: {name}
      pod-template-hash: {_hex(rng, 10)}
    managedFields:
    - apiVersion: v1
      fieldsType: FieldsV1
      fieldsV1:
        f:metadata:
          f:labels:
            .: {{}}
            f:app: {{}}
      manager: kube-controller-manager
      operation: Update
      time: "2026-03-01T09:00:{rng.randint(10, 59)}Z"
    name: {name}-{_hex(rng, 5)}
    namespace: shop
    resourceVersion: "{rng.randint(10**6, 10**7)}"
    uid: {_hex(rng, 8)}-{_hex(rng, 4)}-4{_hex(rng, 3)}-a{_hex(rng, 3)}-{_hex(rng, 12)}
  spec:
    containers:
    - image: {image}
      imagePullPolicy: IfNotPresent
      name: {name}
      ports:
      - containerPort: 8080
        protocol: TCP
      resources:
        limits:
          memory: 256Mi
        requests:
          cpu: 100m
          memory: 128Mi
      terminationMessagePath: /dev/termination-log
      terminationMessagePolicy: File
      volumeMounts:
      - mountPath: /var/run/secrets/kubernetes.io/serviceaccount
        name: kube-api-access-{_hex(rng, 5)}
        readOnly: true
    dnsPolicy: ClusterFirst
    nodeName: node-{rng.randint(1, 4)}
    restartPolicy: Always
  status:
    conditions:
    - lastProbeTime: null
      lastTransitionTime: "2026-03-01T09:00:11Z"
      status: "True"
      type: Initialized
    - lastProbeTime: null
      lastTransitionTime: "2026-03-01T09:00:11Z"
      status: "{ready.capitalize()}"
      type: Ready
    containerStatuses:
    - containerID: containerd://{_hex(rng, 64)}
      image: {image}
      name: {name}
      ready: {ready}
      restartCount: {rng.randint(4, 90) if reason else 0}
      state:
{state}
    hostIP: 10.0.0.{rng.randint(2, 250)}
    phase: Running
    podIP: 10.244.{rng.randint(0, 9)}.{rng.randint(2, 250)}
    qosClass: Burstable
"""


def pods(seed: int, count: int = 12) -> Made:
    """Make what ``kubectl get pods -o yaml`` prints; one pod does not start."""
    rng = random.Random(seed)
    names = rng.sample(_NAMES, count)
    bad, asked = rng.sample(range(count), 2)
    reason = rng.choice(_REASONS)
    images = [
        f"registry.example.org/shop/{n}:{rng.randint(1, 9)}.{rng.randint(0, 30)}" for n in names
    ]
    items = [_pod(rng, n, images[i], reason if i == bad else "") for i, n in enumerate(names)]
    text = f'apiVersion: v1\nitems:\n{"".join(items)}kind: List\nmetadata:\n  resourceVersion: ""\n'
    return Made(
        text,
        "yaml",
        (
            Needle("Which pod is not ready and why?", (f"reason: {reason}", f"name: {names[bad]}")),
            Needle(f"Which image does {names[asked]} run?", (f"image: {images[asked]}",)),
        ),
    )


def describe(seed: int, count: int = 6) -> Made:
    """Make what ``kubectl describe pods`` prints; one container was killed."""
    rng = random.Random(seed)
    names = rng.sample(_NAMES, count)
    bad = rng.randrange(count)
    out = []
    for i, name in enumerate(names):
        pod = f"{name}-{_hex(rng, 9)}-{_hex(rng, 5)}"
        state = "    State:          Running\n      Started:      Mon, 02 Mar 2026 10:00:00 +0000\n"
        events = "Events:                      <none>\n"
        if i == bad:
            state = (
                "    State:          Waiting\n      Reason:       CrashLoopBackOff\n"
                "    Last State:     Terminated\n      Reason:       OOMKilled\n"
                "      Exit Code:    137\n"
            )
            events = (
                "Events:\n  Type     Reason   Age                From     Message\n"
                "  ----     ------   ----               ----     -------\n"
                "  Normal   Pulled   9m (x4 over 11m)   kubelet  Container image already present\n"
                f"  Warning  BackOff  70s (x9 over 10m)  kubelet  Back-off restarting {name}\n"
            )
        out.append(f"""Name:             {pod}
Namespace:        shop
Priority:         0
Service Account:  default
Node:             node-{rng.randint(1, 4)}/10.0.0.{rng.randint(2, 250)}
Start Time:       Mon, 02 Mar 2026 09:59:00 +0000
Labels:           app={name}
                  pod-template-hash={_hex(rng, 9)}
Annotations:      <none>
Status:           Running
IP:               10.244.0.{rng.randint(2, 250)}
Controlled By:    ReplicaSet/{pod[:-6]}
Containers:
  {name}:
    Container ID:   containerd://{_hex(rng, 64)}
    Image:          registry.example.org/shop/{name}:1.{rng.randint(0, 30)}
    Image ID:       registry.example.org/shop/{name}@sha256:{_hex(rng, 64)}
    Port:           8080/TCP
    Host Port:      0/TCP
{state}    Ready:          {i != bad}
    Restart Count:  {rng.randint(3, 40) if i == bad else 0}
    Limits:
      memory:  256Mi
    Requests:
      cpu:        100m
      memory:     128Mi
    Environment:  <none>
    Mounts:
      /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-{_hex(rng, 5)} (ro)
Conditions:
  Type              Status
  Initialized       True
  Ready             {i != bad}
  PodScheduled      True
Volumes:
  kube-api-access-{_hex(rng, 5)}:
    Type:                    Projected (a volume that contains injected data)
    TokenExpirationSeconds:  3607
QoS Class:                   Burstable
Node-Selectors:              <none>
Tolerations:                 node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                             node.kubernetes.io/unreachable:NoExecute op=Exists for 300s
{events}""")
    return Made(
        "\n\n".join(out),
        "describe",
        (
            Needle("Why was the container killed?", ("OOMKilled", "Exit Code:    137", names[bad])),
            Needle("Is anything wrong with the pods?", ("CrashLoopBackOff",)),
        ),
    )


def settings(seed: int, count: int = 160) -> Made:
    """Make an ini file of sections, with a setting that one section alone has."""
    rng = random.Random(seed)
    words = "pool cache queue retry worker session buffer upload socket batch".split()
    ends = "size timeout limit count interval path mode prefix".split()
    lines: list[str] = []
    asked = rng.randrange(count)
    answer = ""
    question = ""
    for i in range(count):
        if i % 8 == 0:
            lines += ["", f"[{_NAMES[(i // 8) % len(_NAMES)]}]"]
        key = f"{rng.choice(words)}_{rng.choice(ends)}_{i}"
        value = rng.choice(("on", "off", str(rng.randint(1, 9999)), f"/srv/{rng.choice(words)}"))
        lines.append(f"{key} = {value}")
        if i == asked:
            answer, question = f"{key} = {value}", f"What is {key} set to?"
    return Made("\n".join(lines) + "\n", "config", (Needle(question, (answer,)),))


def plan(seed: int, count: int = 14) -> Made:
    """Make what ``terraform plan`` prints: most services change their image, one is replaced."""
    rng = random.Random(seed)
    names = rng.sample(_NAMES, count)
    bad = rng.randrange(count)
    out = ["Terraform will perform the following actions:", ""]
    for i, name in enumerate(names):
        zone = f"us-east-1{rng.choice('abcf')}"
        if i == bad:
            out += [
                f"  # aws_instance.{name} must be replaced",
                f'-/+ resource "aws_instance" "{name}" {{',
                f'      ~ arn               = "arn:i/{_hex(rng, 17)}" -> (known after apply)',
                f'      ~ availability_zone = "{zone}" -> "us-west-2a" # forces replacement',
            ]
        else:
            out += [
                f"  # aws_instance.{name} will be updated in-place",
                f'  ~ resource "aws_instance" "{name}" {{',
                f'        arn               = "arn:aws:ec2:us-east-1:1:i/{_hex(rng, 17)}"',
                f'        availability_zone = "{zone}"',
            ]
        out += [
            f'      ~ image             = "shop/{name}:1.{i}" -> "shop/{name}:1.{i + 1}"',
            "        tags              = {",
            f'            "service" = "{name}"',
            '            "team"    = "shop"',
            "        }",
            "        # (28 unchanged attributes hidden)",
            "    }",
            "",
        ]
    out.append(f"Plan: 1 to add, {count - 1} to change, 1 to destroy.")
    return Made(
        "\n".join(out) + "\n",
        "plan",
        (
            Needle("What is the summary of the plan?", (f"{count - 1} to change",)),
            Needle(
                "Why must an instance be replaced?",
                (f"{names[bad]} must be replaced", "us-west-2a"),
            ),
        ),
    )


Maker = Callable[[int], Made]

MAKERS: tuple[Maker, ...] = (pods, describe, settings, plan)
