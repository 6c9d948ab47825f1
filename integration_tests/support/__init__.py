"""What the integration tests share: the simulator, the connector, and servers in front of them."""
