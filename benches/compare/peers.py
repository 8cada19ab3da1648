"""Draws the cloud environments of three examples with mingrammer's `diagrams`, as its user would: nested clusters for
places, the same components, lines and words as in archgen's own pictures.

    python peers.py FOLDER [ortho|curved]      writes FOLDER/NAME-diagrams.png; lines are orthogonal, as by default
"""

import sys
from pathlib import Path

from diagrams import Cluster, Diagram, Edge
from diagrams.aws.compute import EC2, Fargate
from diagrams.aws.database import Dynamodb, RDS
from diagrams.aws.network import CloudFront, ElbApplicationLoadBalancer, InternetGateway, NATGateway, Route53
from diagrams.aws.security import WAF
from diagrams.aws.storage import EFS, S3
from diagrams.onprem.client import Users
from diagrams.onprem.compute import Server
from diagrams.onprem.database import MongoDB, PostgreSQL
from diagrams.onprem.network import Nginx
from diagrams.programming.framework import Django

FOLDER = Path(sys.argv[1])
STYLE = sys.argv[2] if len(sys.argv) > 2 else "ortho"
WAYS = {"node": {"fontsize": "13"}, "edge": {"fontsize": "12"}}


def picture(name, title):
    """A page as wide as the examples' pictures ask for, with the flow from top to bottom."""
    return Diagram(
        title,
        filename=str(FOLDER / f"{name}-diagrams"),
        show=False,
        direction="TB",
        curvestyle=STYLE,
        graph_attr={"fontsize": "22", "ranksep": "0.9", "nodesep": "0.6", "dpi": "96"},
        node_attr=WAYS["node"],
        edge_attr=WAYS["edge"],
    )


def says(label, **more):
    """Graphviz places the words of orthogonal lines as `xlabel` only."""
    return Edge(**{"xlabel" if STYLE == "ortho" else "label": label}, **more)


def copies(label):
    return says(label, color="#C925D1", dir="both")


def three_tier():
    with picture("three-tier", "Arquitectura de tres capas · Diagrama de red"):
        users = Users("Clientes")
        partners = Server("Microservicios externos\napi.example.com")
        with Cluster("AWS"):
            dns = Route53("Route 53\napp.example.com")
            cdn = CloudFront("CloudFront\nTLS")
            assets = S3("Frontend estático\nS3")
            with Cluster("Región us-east-1"):
                table = Dynamodb("DynamoDB")
                with Cluster("VPC 10.0.0.0/16"):
                    gateway = InternetGateway("Puerta de enlace")
                    edge = ElbApplicationLoadBalancer("Balanceador de carga\nALB en public a, b")
                    internal = ElbApplicationLoadBalancer("Balanceador interno\nALB en app a, b")
                    front, back, nats, stores = [], [], [], []
                    for az, low in (("a", 0), ("b", 1)):
                        with Cluster(f"Zona de disponibilidad {az}"):
                            with Cluster(f"Subred public\n10.0.{low}.0/24"):
                                nats.append(NATGateway("Puerta NAT"))
                                front.append(EC2("Frontend\nt3.small ×2–4"))
                            with Cluster(f"Subred app\n10.0.{16 + low}.0/24"):
                                back.append(EC2("Backend\nt3.small ×2–6"))
                            with Cluster(f"Subred data\n10.0.{32 + low}.0/24"):
                                stores.append(RDS("RDS PostgreSQL 16\n" + ("primaria" if az == "a" else "en espera")))
                                if az == "a":
                                    read = RDS("RDS PostgreSQL 16\nréplica de lectura")
        users >> says("DNS") >> dns
        dns >> says("alias", style="dotted") >> cdn
        users >> says("HTTPS 443") >> cdn
        cdn >> says("/static/*") >> assets
        cdn >> says("HTTPS 443") >> gateway >> says("HTTPS 443") >> edge
        for web in front:
            edge >> says("HTTP 3000") >> web
            web >> says("HTTP 80") >> internal
        for api, nat in zip(back, nats):
            internal >> says("HTTP 8000") >> api
            api >> says("PostgreSQL 4321") >> stores[0]
            api >> table
            api >> says("salida") >> nat >> gateway
        gateway >> says("HTTPS 443") >> partners
        stores[0] - copies("réplica síncrona") - stores[1]
        stores[0] >> says("réplica asíncrona", color="#C925D1") >> read


def ecs_mongo():
    with picture("ecs-mongo", "Microservicios con Node.js y MongoDB · red"):
        users = Users("Usuarios")
        with Cluster("AWS"):
            dns = Route53("Route 53\ntienda.example.com")
            with Cluster("Región us-east-1"), Cluster("VPC 10.0.0.0/16"):
                gateway = InternetGateway("Puerta de enlace")
                edge = ElbApplicationLoadBalancer("Balanceador público\nALB en public a, b · TLS")
                internal = ElbApplicationLoadBalancer("Balanceador interno\nALB en private a, b")
                front, back, stores = [], [], []
                for az, low in (("a", 0), ("b", 1)):
                    with Cluster(f"Zona de disponibilidad {az}"):
                        with Cluster(f"Subred public\n10.0.{low}.0/24"):
                            nat = NATGateway("Puerta NAT")
                            front.append(Fargate("Frontend\nFargate ×2–6"))
                        with Cluster(f"Subred private\n10.0.{16 + low}.0/24"):
                            back.append(Fargate("Backend\nFargate ×2–6"))
                            stores.append(MongoDB("MongoDB 7.0\nEC2" + (" ×2" if az == "a" else "")))
                    nat >> gateway
        users >> says("DNS") >> dns
        dns >> says("alias", style="dotted") >> edge
        users >> says("HTTPS 443") >> gateway >> says("HTTPS 443") >> edge
        for web, api in zip(front, back):
            edge >> says("HTTP 3000") >> web
            web >> says("HTTP 80") >> internal
            internal >> says("HTTP 8080") >> api
            for store in stores:
                api >> says("MongoDB 27017") >> store
        stores[0] - copies("replicación") - stores[1]


def craftech_ha():
    with picture("craftech-ha", "Aplicación web en alta disponibilidad · red"):
        users = Users("Clientes")
        outside = [Server("Servicio externo 1\npagos.example.com"), Server("Servicio externo 2\nenvios.example.com")]
        with Cluster("AWS"):
            dns = Route53("Route 53\napp.example.com")
            wall = WAF("Firewall\nWAF")
            with Cluster("Región us-east-1"):
                files = EFS("Estáticos y JavaScript\nEFS")
                with Cluster("VPC 10.0.0.0/16"):
                    gateway = InternetGateway("Puerta de enlace")
                    edge = ElbApplicationLoadBalancer("Balanceador\nALB en public a, b · TLS")
                    webs, apis, nats, sql, nosql = [], [], [], [], []
                    for az, low in (("a", 0), ("b", 1)):
                        with Cluster(f"Zona de disponibilidad {az}"):
                            with Cluster(f"Subred public\n10.0.{low}.0/24"):
                                nats.append(NATGateway("Puerta NAT"))
                            with Cluster(f"Subred app\n10.0.{16 + low}.0/24"):
                                webs.append(Nginx("Servidor web (React)\nt3.small"))
                                apis.append(Django("API Django\nt3.small"))
                            with Cluster(f"Subred data\n10.0.{32 + low}.0/24"):
                                sql.append(PostgreSQL("PostgreSQL 16\nEC2"))
                                nosql.append(MongoDB("MongoDB 7.0\nEC2"))
        users >> says("DNS") >> dns
        dns >> says("alias", style="dotted") >> edge
        users >> says("HTTPS 443") >> wall >> says("HTTPS 443") >> gateway >> says("HTTPS 443") >> edge
        for web, api, nat in zip(webs, apis, nats):
            edge >> says("HTTP 80") >> web
            web >> says("/api/*") >> api
            web >> says("NFS 2049") >> files
            for one in sql:
                api >> says("PostgreSQL 5432") >> one
            for one in nosql:
                api >> says("MongoDB 27017") >> one
            api >> says("salida") >> nat >> gateway
        for one in outside:
            gateway >> says("HTTPS 443") >> one
        sql[0] - copies("replicación") - sql[1]
        nosql[0] - copies("replicación") - nosql[1]


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    three_tier()
    ecs_mongo()
    craftech_ha()
