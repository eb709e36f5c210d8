namespace Sandbox.UserApi;

/// <summary>The user API was asked for something that is not there, or in a way it does not know.</summary>
public sealed class NotThereException(string message) : Exception(message);
