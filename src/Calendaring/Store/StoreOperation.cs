namespace Calendaring.Store;

/// <summary>One step of a <see cref="StoreBatch"/>.</summary>
public abstract record StoreOperation;
