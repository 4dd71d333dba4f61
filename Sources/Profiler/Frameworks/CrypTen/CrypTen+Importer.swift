extension CrypTen {
    public func refusal(_ site: OperatorSite) -> String? { nil }
}
