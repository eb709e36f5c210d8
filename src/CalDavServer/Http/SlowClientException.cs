namespace CalDavServer.Http;

/// <summary>A client reads so slowly that its answer is given up.</summary>
internal sealed class SlowClientException() : Exception("The client reads its answer too slowly.");
